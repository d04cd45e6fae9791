import { Ajv } from "ajv";
import type { FastifyContextConfig, FastifyInstance, FastifyRequest, FastifySchema } from "fastify";
import type { FleetStore, Page, PageRequest, TenantScope } from "../../fleet/store/fleet-store.ts";
import type { Role } from "../../fleet/store/records.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import type { RouteContext } from "../route-context.ts";
import { type Caller, requireRole, signIn } from "../sign-in.ts";
import { allNames } from "../tenant-names.ts";
import { PAGE_SIZE, type PageQuery } from "./input-schemas.ts";
import { PageKeys } from "./page-keys.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The least role that a route of the fleet is for. */
    readonly role?: Role;
  }
}

/** What the routes of the fleet share. */
export class FleetScope {
  readonly context: RouteContext;
  readonly store: FleetStore;
  readonly keys: PageKeys;
  private readonly callers = new WeakMap<FastifyRequest, Caller>();

  constructor(context: RouteContext, store: FleetStore) {
    this.context = context;
    this.store = store;
    this.keys = new PageKeys(context.operatorToken);
  }

  /** Lets nobody in who may not use the route, before anything of the request is looked at. */
  guard(app: FastifyInstance): void {
    app.addHook("onRequest", async (request, reply) => {
      reply.header("cache-control", "no-store");
      const caller = await signIn(this.context, request);
      requireRole(caller, request.routeOptions.config.role ?? "admin");
      this.callers.set(request, caller);
    });
    app.setValidatorCompiler(({ schema, httpPart }) =>
      (httpPart === "querystring" ? queries : bodies).compile(schema),
    );
  }

  callerOf(request: FastifyRequest): Caller {
    const caller = this.callers.get(request);
    if (caller === undefined) throw new HttpError("http/token-required", "nobody has signed in");
    return caller;
  }

  /**
   * Whose rows are asked for, by whichever of its names a tenant is called, as far as the caller may see them: rows are
   * kept under the name that each machine uses.
   *
   * @param tenant `undefined`: whatever the caller may see
   */
  tenantsAsked({ tenants }: Caller, tenant: string | undefined): TenantScope {
    if (tenant === undefined) return tenants;
    const names = allNames(this.context.state().serving, [tenant]);
    return tenants === null ? names : names.filter((name) => tenants.includes(name));
  }

  /** What the store is asked for. @param list what the keys of this list are sealed with */
  pageOf(list: string, { limit = PAGE_SIZE, after }: PageQuery): PageRequest {
    return { limit, ...(after === undefined ? {} : { after: this.keys.open(list, after) }) };
  }

  /** `next` as it is handed out. */
  nextOf(list: string, { next }: Pick<Page<unknown>, "next">): { readonly next?: string } {
    return next === undefined ? {} : { next: this.keys.seal(list, next) };
  }
}

/** All that a query holds is text: numbers, truth values and lists of one are read from it. */
const queries = new Ajv({ coerceTypes: "array", strict: false, allErrors: false });
const bodies = new Ajv({ strict: false, allErrors: false, allowUnionTypes: true });

type RouteSchema = FastifySchema & { readonly response: object };

/** The configuration and the schema of a route that changes nothing. @param role the least that it is for */
export function forReading(role: Role, schema: RouteSchema) {
  // On the operators' open listener nobody has to show anything.
  return forRole(role, schema, [{}]);
}

/** The same for one that changes something. */
export function forWriting(role: Role, schema: RouteSchema) {
  return forRole(role, schema, []);
}

function forRole(
  role: Role,
  { description, response, ...schema }: RouteSchema,
  withoutToken: readonly Readonly<Record<string, readonly string[]>>[],
): { readonly config: FastifyContextConfig; readonly schema: FastifySchema } {
  const forWhom = `For the role ${role}${role === "admin" ? "" : " and above"}.`;
  return {
    config: { role },
    schema: {
      ...schema,
      description: description === undefined ? forWhom : `${description} ${forWhom}`,
      tags: ["fleet"],
      security: [...withoutToken, { operatorToken: [] }, { personToken: [] }],
      response: { ...response, 400: ERROR_SCHEMA, 401: ERROR_SCHEMA, 403: ERROR_SCHEMA, 503: ERROR_SCHEMA },
    },
  };
}

/** The same for what a caller may not know of and for what is not there. */
export function nothingLike(what: string): HttpError {
  return new HttpError("http/not-found", `there is no such ${what}`);
}
