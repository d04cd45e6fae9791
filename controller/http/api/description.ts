import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import type { FastifySchema } from "fastify";

/** What `/openapi.json` says beside the routes. */
export function describeApi(version: string): NonNullable<FastifyDynamicSwaggerOptions["openapi"]> {
  return {
    openapi: "3.1.0",
    info: {
      title: "Fairlead",
      version,
      description: "The signed release manifest of an agent fleet, and what people and scripts ask about it.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "The address that this description came from." }],
    tags: [
      { name: "manifest", description: "The signed manifest (TUF 1.0)." },
      { name: "agents", description: "For machines and scripts." },
      { name: "operation", description: "For operators, load balancers and forges." },
    ],
    components: {
      securitySchemes: {
        operatorToken: {
          type: "http",
          scheme: "bearer",
          description:
            "The token of `--operator-token-file`; not needed on the operators' own loopback address.",
        },
        tenantKey: {
          type: "http",
          scheme: "bearer",
          description: "The key that `fairlead tenant key NAME` prints.",
        },
        webhookSignature: {
          type: "apiKey",
          in: "header",
          name: "X-Hub-Signature-256",
          description: "HMAC-SHA256 of the body under the webhook's secret, as GitHub sends it.",
        },
        webhookToken: {
          type: "apiKey",
          in: "header",
          name: "X-Gitlab-Token",
          description: "The webhook's secret, as GitLab sends it.",
        },
      },
    },
  };
}

/** A route's schema and URL as they are described: the rest of a path, which the framework calls `*`, gets a name. */
export function describeRoute(schema: FastifySchema, url: string): { schema: FastifySchema; url: string } {
  if (!url.endsWith("*")) return { schema, url };
  const path = { type: "string", description: "The rest of the path; it may hold slashes." };
  const params = { type: "object", required: ["path"], properties: { path } };
  return { schema: { ...schema, params }, url: `${url.slice(0, -1)}:path` };
}
