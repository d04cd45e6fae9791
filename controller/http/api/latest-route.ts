import type { FastifyInstance } from "fastify";
import { HttpError } from "../http-error.ts";
import { bearerOf } from "../operator-token.ts";
import { type RouteContext, requireServing } from "../route-context.ts";
import { type LatestQuery, latest } from "./latest.ts";
import { ERROR_SCHEMA, LATEST_ANSWER_SCHEMA, LATEST_QUERY_SCHEMA } from "./route-schemas.ts";

/** `/api/v1/agent/latest`: what a device should run, for scripts that cannot verify a manifest. */
export function addLatestRoute(app: FastifyInstance, context: RouteContext): void {
  app.get<{ Querystring: LatestQuery }>("/api/v1/agent/latest", {
    schema: {
      operationId: "latest",
      summary: "What a device should run now, for scripts",
      description:
        "404 when nothing is active. Agents verify the signed manifest instead of trusting this. Who names a tenant " +
        "shows its key, which `fairlead tenant key NAME` prints.",
      tags: ["agents"],
      security: [{}, { tenantKey: [] }],
      querystring: LATEST_QUERY_SCHEMA,
      response: {
        200: LATEST_ANSWER_SCHEMA,
        400: ERROR_SCHEMA,
        401: ERROR_SCHEMA,
        404: ERROR_SCHEMA,
        503: ERROR_SCHEMA,
      },
    },
    handler(request, reply) {
      const { manifest } = requireServing(context);
      requireTenantKey(context, request.query.tenant, request.headers.authorization);
      const origin = context.publicOrigin ?? `${request.protocol}://${request.host}`;
      reply.header("cache-control", "no-store");
      return reply.send(latest(manifest, request.query, origin, context.now()));
    },
  });
}

/**
 * Comes before anything is looked up: what is answered without the key says nothing of whether there is such a tenant,
 * and takes as long.
 */
function requireTenantKey(
  { isTenantKey }: RouteContext,
  tenant: string | undefined,
  authorization: string | undefined,
): void {
  if (tenant === undefined) return;
  const given = bearerOf(authorization) ?? "";
  if (isTenantKey(tenant, given)) return;
  throw new HttpError("http/tenant-key-required", "a tenant is answered for only with its key", {
    help: "send what `fairlead tenant key NAME` prints as `Authorization: Bearer KEY`",
  });
}
