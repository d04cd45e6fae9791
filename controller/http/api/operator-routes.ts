import type { FastifyInstance } from "fastify";
import type { RouteContext } from "../route-context.ts";
import { requireAllKnowing } from "../sign-in.ts";
import { ERROR_SCHEMA } from "./route-schemas.ts";

/** What operators alone are answered. */
export async function addOperatorRoutes(app: FastifyInstance, context: RouteContext): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook("onRequest", (request) => requireAllKnowing(context, request));

    scope.get("/metrics", {
      schema: {
        operationId: "metrics",
        summary: "Metrics for Prometheus",
        tags: ["operation"],
        security: [{}, { operatorToken: [] }],
        response: {
          200: { description: "Text format.", content: { "text/plain": { schema: { type: "string" } } } },
          401: ERROR_SCHEMA,
        },
      },
      handler: async (_request, reply) =>
        reply.type(context.metrics.contentType).send(Buffer.from(await context.metrics.text())),
    });

    scope.get("/openapi.json", { schema: { hide: true } }, (_request, reply) => reply.send(app.swagger()));
  });
}
