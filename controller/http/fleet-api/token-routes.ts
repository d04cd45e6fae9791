import type { FastifyInstance } from "fastify";
import { makeEnrolmentToken } from "../../fleet/enrolment-token.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { requireServing } from "../route-context.ts";
import { type Caller, mayKnow, requireAllTenants } from "../sign-in.ts";
import { presentName } from "../tenant-names.ts";
import { logWrite } from "./device-actions.ts";
import { type FleetScope, forReading, forWriting } from "./fleet-scope.ts";
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

/** Enrolment tokens: made, listed and revoked by admins, each for the tenants that they may know of. */
export function addTokenRoutes(app: FastifyInstance, scope: FleetScope): void {
  const { store, context } = scope;

  app.post<{ Body: NewTokenBody }>("/api/v1/tokens", {
    ...forWriting("admin", {
      operationId: "createToken",
      summary: "Makes an enrolment token",
      description: "The token itself is in this answer and never shown again.",
      body: NEW_TOKEN_SCHEMA,
      response: { 201: MADE_TOKEN_SCHEMA, 404: ERROR_SCHEMA },
    }),
    async handler(request, reply) {
      const { tenant: asked = null, site = null, labels = {}, uses = 1 } = request.body;
      const caller = scope.callerOf(request);
      const now = context.now();
      const { expiresAt = now + WEEK } = request.body;
      if (expiresAt <= now) {
        throw new HttpError("http/bad-request", "the token would have expired already");
      }
      if (site !== null && asked === null) {
        throw new HttpError("http/bad-request", "a site belongs to a tenant, and none is named");
      }
      const tenant = tenantOf(scope, caller, asked);
      const { token, id, digest } = makeEnrolmentToken();
      const made = { id, tenant, site, labels, createdAt: now, expiresAt, usesLeft: uses };
      await store.tokens.create(made, digest, caller.actor);
      logWrite(scope, caller, "token.create", `token ${id}`);
      return reply.code(201).send({ ...made, token });
    },
  });

  app.get("/api/v1/tokens", {
    ...forReading("admin", {
      operationId: "listTokens",
      summary: "The enrolment tokens that there are, without what opens anything",
      response: { 200: TOKEN_LIST_SCHEMA },
    }),
    handler: async (request) => ({ tokens: await store.tokens.list(scope.callerOf(request).tenants) }),
  });

  app.delete<{ Params: { readonly id: string } }>("/api/v1/tokens/:id", {
    ...forWriting("admin", {
      operationId: "revokeToken",
      summary: "Revokes an enrolment token: nobody enrols with it any more",
      params: {
        type: "object",
        required: ["id"],
        properties: { id: { type: "string", pattern: "^[0-9a-f]{12}$" } },
      },
      response: { 200: TOKEN_SCHEMA, 404: ERROR_SCHEMA },
    }),
    async handler(request) {
      const { id } = request.params;
      const caller = scope.callerOf(request);
      const known = await store.tokens.list(caller.tenants);
      const token = known.some((each) => each.id === id)
        ? await store.tokens.revoke(id, caller.actor, context.now())
        : undefined;
      if (token === undefined) throw new HttpError("http/unknown-token", `there is no token \`${id}\``);
      logWrite(scope, caller, "token.revoke", `token ${id}`);
      return token;
    },
  });
}

/**
 * The tenant of a new token, as it is called now where it is asked for by a former name. A misspelled one would show when
 * the first machine has enrolled, and belongs nowhere.
 */
function tenantOf({ context }: FleetScope, caller: Caller, asked: string | null): string | null {
  if (asked === null) {
    requireAllTenants(caller);
    return null;
  }
  const { tenants } = requireServing(context).manifest;
  if (tenants.get(asked) !== undefined && mayKnow(caller, asked)) return presentName(tenants, asked);
  throw new HttpError("http/unknown-tenant", `there is no tenant \`${asked}\``);
}
