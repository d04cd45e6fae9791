import type { FastifyInstance } from "fastify";
import { makeEnrolmentToken } from "../../fleet/enrolment-token.ts";
import type { FleetService } from "../../fleet/fleet-service.ts";
import type { Actor } from "../../fleet/store/records.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { type RouteContext, requireServing, requireToken } from "../route-context.ts";
import { MADE_TOKEN_SCHEMA, NEW_TOKEN_SCHEMA, TOKEN_LIST_SCHEMA, TOKEN_SCHEMA } from "./token-schemas.ts";

/** What is asked for a new token. */
interface NewTokenBody {
  readonly tenant?: string;
  readonly site?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Seconds since 1970. */
  readonly expiresAt?: number;
  readonly uses?: number;
}

const WEEK = 7 * 86_400;

/** Enrolment tokens: made, listed and revoked by whoever has the operator's token. */
export async function addTokenRoutes(
  app: FastifyInstance,
  context: RouteContext,
  { store }: FleetService,
): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook("onRequest", async (request) => requireToken(context, request));

    scope.post<{ Body: NewTokenBody }>("/api/v1/tokens", {
      schema: {
        operationId: "createToken",
        summary: "Makes an enrolment token",
        description: "The token itself is in this answer and never shown again.",
        tags: ["operation"],
        security: [{ operatorToken: [] }],
        body: NEW_TOKEN_SCHEMA,
        response: {
          201: MADE_TOKEN_SCHEMA,
          400: ERROR_SCHEMA,
          401: ERROR_SCHEMA,
          404: ERROR_SCHEMA,
          503: ERROR_SCHEMA,
        },
      },
      async handler(request, reply) {
        const { tenant = null, site = null, labels = {}, uses = 1 } = request.body;
        const now = context.now();
        const { expiresAt = now + WEEK } = request.body;
        if (expiresAt <= now) {
          throw new HttpError("http/bad-request", "the token would have expired already");
        }
        if (site !== null && tenant === null) {
          throw new HttpError("http/bad-request", "a site belongs to a tenant, and none is named");
        }
        requireTenant(context, tenant);
        const { token, id, digest } = makeEnrolmentToken();
        const made = { id, tenant, site, labels, createdAt: now, expiresAt, usesLeft: uses };
        await store.tokens.create(made, digest, actorOf(request.ip));
        return reply
          .code(201)
          .header("cache-control", "no-store")
          .send({ ...made, token });
      },
    });

    scope.get("/api/v1/tokens", {
      schema: {
        operationId: "listTokens",
        summary: "The enrolment tokens that there are, without what opens anything",
        tags: ["operation"],
        security: [{ operatorToken: [] }],
        response: { 200: TOKEN_LIST_SCHEMA, 401: ERROR_SCHEMA, 503: ERROR_SCHEMA },
      },
      async handler(_request, reply) {
        const tokens = await store.tokens.list(null);
        return reply.header("cache-control", "no-store").send({ tokens });
      },
    });

    scope.delete<{ Params: { id: string } }>("/api/v1/tokens/:id", {
      schema: {
        operationId: "revokeToken",
        summary: "Revokes an enrolment token: nobody enrols with it any more",
        tags: ["operation"],
        security: [{ operatorToken: [] }],
        params: {
          type: "object",
          required: ["id"],
          properties: { id: { type: "string", pattern: "^[0-9a-f]{12}$" } },
        },
        response: {
          200: TOKEN_SCHEMA,
          400: ERROR_SCHEMA,
          401: ERROR_SCHEMA,
          404: ERROR_SCHEMA,
          503: ERROR_SCHEMA,
        },
      },
      async handler(request, reply) {
        const { id } = request.params;
        const token = await store.tokens.revoke(id, actorOf(request.ip), context.now());
        if (token === undefined) throw new HttpError("http/unknown-token", `there is no token \`${id}\``);
        return reply.header("cache-control", "no-store").send(token);
      },
    });
  });
}

/** A misspelled tenant would show when the first machine has enrolled, and belongs nowhere. */
function requireTenant(context: RouteContext, tenant: string | null): void {
  if (tenant === null || requireServing(context).manifest.tenants.get(tenant) !== undefined) return;
  throw new HttpError("http/unknown-tenant", `there is no tenant \`${tenant}\``);
}

function actorOf(from: string | undefined): Actor {
  return { name: "operator", from: from ?? "unix" };
}
