import type { FastifyInstance } from "fastify";
import { type FleetScope, forReading } from "./fleet-scope.ts";
import {
  ATTEMPT_FILTER_QUERY,
  LARGEST_PAGE,
  PAGE_SIZE,
  type PageQuery,
  PRODUCT_PATH,
  pagedQueryOf,
  pageOf,
  queryOf,
  SIGNATURE_QUERY,
  TENANT_QUERY,
} from "./input-schemas.ts";
import { ATTEMPT, SIGNATURE, VERSION_COUNT } from "./record-schemas.ts";

interface AttemptQuery extends PageQuery {
  readonly tenant?: string;
  readonly product?: string;
  readonly version?: string;
  readonly failed?: boolean;
}

interface SignatureQuery {
  readonly tenant?: string;
  readonly product: string;
  readonly version?: string;
  readonly limit?: number;
}

/** How installations went, and what runs where. */
export function addReportRoutes(app: FastifyInstance, scope: FleetScope): void {
  const { store, context } = scope;

  app.get<{ Querystring: AttemptQuery }>("/api/v1/attempts", {
    ...forReading("viewer", {
      operationId: "listAttempts",
      summary: "What machines have tried to install, newest first",
      querystring: pagedQueryOf(ATTEMPT_FILTER_QUERY),
      response: { 200: pageOf("attempts", ATTEMPT, "Attempts that all of the filters let through.") },
    }),
    async handler(request) {
      const { tenant, limit, after, ...filter } = request.query;
      const page = await store.attempts.list(
        { ...filter, tenants: scope.tenantsAsked(scope.callerOf(request), tenant) },
        scope.pageOf("attempts", request.query),
      );
      return { attempts: page.rows, ...scope.nextOf("attempts", page) };
    },
  });

  app.get<{ Querystring: SignatureQuery }>("/api/v1/signatures", {
    ...forReading("viewer", {
      operationId: "listSignatures",
      summary: "How versions fail: messages that say the same are one line, most machines first",
      querystring: { ...queryOf(SIGNATURE_QUERY), required: ["product"] },
      response: {
        200: {
          description: "Failure signatures.",
          type: "object",
          required: ["signatures"],
          properties: { signatures: { type: "array", maxItems: LARGEST_PAGE, items: SIGNATURE } },
        },
      },
    }),
    async handler(request) {
      const { tenant, limit = PAGE_SIZE, ...filter } = request.query;
      const tenants = scope.tenantsAsked(scope.callerOf(request), tenant);
      return { signatures: await store.attempts.signatures({ ...filter, tenants }, limit) };
    },
  });

  app.get<{ Params: { readonly product: string }; Querystring: { readonly tenant?: string } }>(
    "/api/v1/versions/:product",
    {
      ...forReading("viewer", {
        operationId: "countVersions",
        summary: "How many machines run which version of a product, by platform, format and channel",
        description: "Machines that are gone do not count.",
        params: PRODUCT_PATH,
        querystring: queryOf(TENANT_QUERY),
        response: {
          200: {
            description: "Counts.",
            type: "object",
            required: ["versions"],
            properties: { versions: { type: "array", items: VERSION_COUNT } },
          },
        },
      }),
      async handler(request) {
        const tenants = scope.tenantsAsked(scope.callerOf(request), request.query.tenant);
        return { versions: await store.devices.versions(request.params.product, tenants, context.now()) };
      },
    },
  );
}
