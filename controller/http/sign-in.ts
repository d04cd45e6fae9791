import type { FastifyRequest } from "fastify";
import { digestToken, isPersonToken } from "../fleet/person-token.ts";
import type { TenantScope } from "../fleet/store/fleet-store.ts";
import { type Actor, ROLES, type Role } from "../fleet/store/records.ts";
import { HttpError } from "./http-error.ts";
import { bearerOf } from "./operator-token.ts";
import type { RouteContext } from "./route-context.ts";
import { underAllNames } from "./tenant-names.ts";

/** Who asks, and what they may see. */
export interface Caller {
  readonly actor: Actor;
  readonly role: Role;
  /** Nothing that is answered tells of other tenants. `null`: all. */
  readonly tenants: TenantScope;
}

/** Whoever shows the operator's token. */
export const OPERATOR_NAME = "operator";
/** Whoever asks without a token, where that is enough. */
export const LOCAL_NAME = "local";

/**
 * Who sends a request. A token has to be right also where none is needed. Without one, the operators' open listener lets
 * in whoever only reads; what changes something needs a token there too, which a page in an operator's browser has not.
 *
 * @throws HttpError `http/token-required`, `http/too-many-requests`
 */
export async function signIn(context: RouteContext, request: FastifyRequest): Promise<Caller> {
  const { audience, operatorToken, fleet, now, quietLog, wrongTokens } = context;
  const from = request.ip ?? "unix";
  const { authorization } = request.headers;
  const token = bearerOf(authorization);
  if (operatorToken.opens(authorization)) return everything(OPERATOR_NAME, from);
  if (token === undefined && !/^bearer\b/i.test(authorization ?? "")) {
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (audience.operators === "open" && isRead) return everything(LOCAL_NAME, from);
    throw tokenRequired("a token is missing");
  }
  const digest = token !== undefined && isPersonToken(token) ? digestToken(token) : undefined;
  if (digest !== undefined && !wrongTokens.mayAsk(digest, from, now())) {
    throw new HttpError("http/too-many-requests", "too many wrong tokens from this address");
  }
  const person = digest === undefined ? undefined : await fleet?.store.people.byToken(digest);
  if (person === undefined) {
    if (digest !== undefined) wrongTokens.wasWrong(digest, from, now());
    quietLog.warn("operator.refused", {}, "somebody showed a wrong token");
    throw tokenRequired("the token is wrong");
  }
  if (digest !== undefined) wrongTokens.wasRight(digest);
  const { name, role, tenants, expiresAt } = person;
  if (expiresAt !== null && expiresAt <= now()) throw tokenRequired("the token has expired");
  return { actor: { name, from }, role, tenants: underAllNames(context.state().serving, tenants) };
}

function everything(name: string, from: string): Caller {
  return { actor: { name, from }, role: "admin", tenants: null };
}

function tokenRequired(what: string): HttpError {
  return new HttpError("http/token-required", what, {
    help: "send the one that `fairlead people add` printed as `Authorization: Bearer TOKEN`",
  });
}

/**
 * Whether the request may know everything of the controller. One that shows no token is anybody's.
 *
 * @throws HttpError `http/token-required` when it shows a wrong one: silence would leave its sender puzzled
 */
export async function mayKnowAll(context: RouteContext, request: FastifyRequest): Promise<boolean> {
  if (context.audience.operators === "open") return true;
  // Other schemes are between the client and a proxy.
  if (!/^bearer\b/i.test(request.headers.authorization ?? "")) return false;
  return (await signIn(context, request)).tenants === null;
}

/**
 * For what is about the controller as a whole.
 *
 * @throws HttpError `http/token-required`, `http/role-required`
 */
export async function requireAllKnowing(context: RouteContext, request: FastifyRequest): Promise<void> {
  if (context.audience.operators === "token") requireAllTenants(await signIn(context, request));
}

/** @throws HttpError `http/role-required` */
export function requireRole({ role }: Caller, needed: Role): void {
  if (ROLES.indexOf(role) >= ROLES.indexOf(needed)) return;
  throw new HttpError("http/role-required", `this needs the role ${needed}, and yours is ${role}`);
}

/**
 * For what is about all tenants.
 *
 * @throws HttpError `http/role-required`
 */
export function requireAllTenants({ tenants }: Caller): void {
  if (tenants === null) return;
  throw new HttpError("http/role-required", "this is for those who are limited to no tenants");
}

/** Whether what belongs to a tenant, or to none, is the caller's to see. */
export function mayKnow({ tenants }: Pick<Caller, "tenants">, tenant: string | null): boolean {
  return tenants === null || (tenant !== null && tenants.includes(tenant));
}
