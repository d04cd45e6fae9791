import type { FastifyInstance } from "fastify";
import { ROLES } from "../../fleet/store/records.ts";
import type { RouteContext } from "../route-context.ts";
import { LOCAL_NAME, signIn } from "../sign-in.ts";
import { ERROR_SCHEMA } from "./route-schemas.ts";

export const CALLER = {
  description: "Who asks, and what that person may do.",
  type: "object",
  required: ["name", "role", "tenants", "readOnly", "fleet", "version"],
  properties: {
    name: { type: "string", description: "`operator`: by the operator's token. `local`: without a token." },
    role: { type: "string", enum: [...ROLES] },
    tenants: {
      type: ["array", "null"],
      items: { type: "string" },
      description: "Those that the person may know of; `null`: all.",
    },
    readOnly: {
      type: "boolean",
      description: "Without a token one may only look, whatever the role is.",
    },
    fleet: { type: "boolean", description: "Whether this controller knows machines." },
    version: { type: "string", description: "Of the controller." },
  },
} as const;

/** What a page has to know before it shows anything. */
export function addMeRoute(app: FastifyInstance, context: RouteContext & { readonly version: string }): void {
  app.get("/api/v1/me", {
    schema: {
      operationId: "showMe",
      summary: "Who asks, and what that person may do",
      tags: ["operation"],
      security: [{}, { operatorToken: [] }],
      response: { 200: CALLER, 401: ERROR_SCHEMA, 429: ERROR_SCHEMA },
    },
    async handler(request, reply) {
      const { actor, role, tenants } = await signIn(context, request);
      reply.header("cache-control", "no-store");
      return {
        name: actor.name,
        role,
        tenants,
        readOnly: actor.name === LOCAL_NAME,
        fleet: context.fleet !== undefined,
        version: context.version,
      };
    },
  });
}
