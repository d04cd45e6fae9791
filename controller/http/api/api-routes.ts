import type { FastifyInstance } from "fastify";
import { type RouteContext, requireServing } from "../route-context.ts";
import { type LatestQuery, latest } from "./latest.ts";
import {
  ERROR_SCHEMA,
  LATEST_ANSWER_SCHEMA,
  LATEST_QUERY_SCHEMA,
  READY_SCHEMA,
  STATUS_SCHEMA,
} from "./route-schemas.ts";
import { statusReport } from "./status-report.ts";

/** The small questions of scripts, load balancers and people. */
export function addApiRoutes(app: FastifyInstance, context: RouteContext): void {
  app.get<{ Querystring: LatestQuery }>("/api/v1/agent/latest", {
    schema: {
      summary: "What a device should run now, for scripts",
      description: "404 when nothing is active. Agents verify the signed manifest instead of trusting this.",
      tags: ["agents"],
      querystring: LATEST_QUERY_SCHEMA,
      response: { 200: LATEST_ANSWER_SCHEMA, 400: ERROR_SCHEMA, 404: ERROR_SCHEMA, 503: ERROR_SCHEMA },
    },
    handler(request, reply) {
      const { manifest } = requireServing(context);
      const origin = `${request.protocol}://${request.host}`;
      reply.header("cache-control", "no-store");
      return reply.send(latest(manifest, request.query, origin, context.now()));
    },
  });

  app.get("/api/v1/status", {
    schema: {
      summary: "What is served, and how the last reconcile ended",
      tags: ["operation"],
      response: { 200: STATUS_SCHEMA },
    },
    handler: (_request, reply) =>
      reply.header("cache-control", "no-store").send(statusReport(context.state(), context.now())),
  });

  app.get("/healthz", {
    schema: {
      summary: "The process answers",
      tags: ["operation"],
      response: {
        200: {
          description: "Always, while the process runs.",
          type: "object",
          properties: { ok: { type: "boolean" } },
        },
      },
    },
    handler: (_request, reply) => reply.send({ ok: true }),
  });

  app.get("/readyz", {
    schema: {
      summary: "A manifest is served",
      description: "200 also while an older good manifest is served; `degraded` and `reason` then say why.",
      tags: ["operation"],
      response: {
        200: { description: "A manifest is served.", ...READY_SCHEMA },
        503: { description: "Nothing to serve yet.", ...READY_SCHEMA },
      },
    },
    handler(_request, reply) {
      const { ready, degraded, reason, commit, sourceSeenAt } = statusReport(context.state(), context.now());
      return reply
        .code(ready ? 200 : 503)
        .header("cache-control", "no-store")
        .send({
          ready,
          degraded,
          ...(reason === undefined ? {} : { reason }),
          ...(commit === undefined ? {} : { commit }),
          ...(sourceSeenAt === undefined ? {} : { sourceSeenAt }),
        });
    },
  });

  app.get("/metrics", {
    schema: {
      summary: "Metrics for Prometheus",
      tags: ["operation"],
      response: {
        200: { description: "Text format.", content: { "text/plain": { schema: { type: "string" } } } },
      },
    },
    handler: async (_request, reply) =>
      reply.type(context.metrics.contentType).send(Buffer.from(await context.metrics.text())),
  });
}
