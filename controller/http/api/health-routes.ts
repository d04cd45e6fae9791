import type { FastifyInstance } from "fastify";
import type { RouteContext } from "../route-context.ts";
import { mayKnowAll } from "../sign-in.ts";
import { formerNamesReport } from "./former-names.ts";
import { ERROR_SCHEMA, READY_SCHEMA, STATUS_SCHEMA } from "./route-schemas.ts";
import { publicStatus, statusReport } from "./status-report.ts";

/** What load balancers ask, and what anybody may know of how the controller is: a commit and a count. */
export function addHealthRoutes(app: FastifyInstance, context: RouteContext): void {
  app.get("/healthz", {
    schema: {
      operationId: "health",
      summary: "The process answers",
      tags: ["operation"],
      security: [],
      response: {
        200: {
          description: "Always, while the process runs.",
          type: "object",
          properties: { ok: { type: "boolean" } },
        },
        400: ERROR_SCHEMA,
      },
    },
    handler: (_request, reply) => reply.header("cache-control", "no-store").send({ ok: true }),
  });

  app.get("/readyz", {
    schema: {
      operationId: "readiness",
      summary: "A manifest is served",
      description: "200 also while an older good manifest is served; `degraded` and `reason` then say why.",
      tags: ["operation"],
      security: [{}, { operatorToken: [] }],
      response: {
        200: { description: "A manifest is served.", ...READY_SCHEMA },
        401: ERROR_SCHEMA,
        503: { description: "Nothing to serve yet.", ...READY_SCHEMA },
      },
    },
    async handler(request, reply) {
      const known = publicStatus(context.state(), context.now());
      const { reason } = (await mayKnowAll(context, request))
        ? statusReport(context.state(), context.now())
        : known;
      return reply
        .code(known.ready ? 200 : 503)
        .header("cache-control", "no-store")
        .send(reason === undefined ? known : { ...known, reason });
    },
  });

  app.get("/api/v1/status", {
    schema: {
      operationId: "status",
      summary: "What is served, and how the last reconcile ended",
      description:
        "Everybody hears which commit is served and how many mistakes the last one has; operators, everything.",
      tags: ["operation"],
      security: [{}, { operatorToken: [] }],
      response: { 200: STATUS_SCHEMA, 401: ERROR_SCHEMA },
    },
    async handler(request, reply) {
      const report = (await mayKnowAll(context, request))
        ? statusReport(context.state(), context.now(), await formerNamesReport(context))
        : publicStatus(context.state(), context.now());
      return reply.header("cache-control", "no-store").send(report);
    },
  });
}
