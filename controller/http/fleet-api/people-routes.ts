import type { FastifyInstance } from "fastify";
import { digestToken, makePersonToken } from "../../fleet/person-token.ts";
import type { PersonRecord, Role } from "../../fleet/store/records.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { LOCAL_NAME, OPERATOR_NAME, requireAllTenants } from "./caller.ts";
import { logWrite } from "./device-actions.ts";
import { type FleetScope, forReading, forWriting, nothingLike } from "./fleet-scope.ts";
import { PERSON_BODY, PERSON_PATH } from "./input-schemas.ts";
import { PERSON } from "./record-schemas.ts";

interface PersonBody {
  readonly name: string;
  readonly role: Role;
  readonly tenants?: readonly string[];
  readonly expiresAt?: number;
}

/** Nobody else can have these names in the audit log. */
const OWN_NAMES: readonly string[] = [OPERATOR_NAME, LOCAL_NAME, "cli"];

/** Who may use the API: for admins who are limited to no tenants. */
export function addPeopleRoutes(app: FastifyInstance, scope: FleetScope): void {
  const { store, context } = scope;

  app.get("/api/v1/people", {
    ...forReading("admin", {
      operationId: "listPeople",
      summary: "Who may sign in, and what each may do",
      response: {
        200: {
          description: "Everybody but whoever has the operator's token.",
          type: "object",
          required: ["people"],
          properties: { people: { type: "array", items: PERSON } },
        },
      },
    }),
    async handler(request) {
      requireAllTenants(scope.callerOf(request));
      return { people: await store.people.list() };
    },
  });

  app.post<{ Body: PersonBody }>("/api/v1/people", {
    ...forWriting("admin", {
      operationId: "addPerson",
      summary: "Lets somebody sign in; the token is shown once and never kept",
      body: PERSON_BODY,
      response: {
        201: {
          description: "The person and the token.",
          type: "object",
          required: ["person", "token"],
          properties: { person: PERSON, token: { type: "string" } },
        },
        409: ERROR_SCHEMA,
      },
    }),
    async handler(request, reply) {
      const caller = scope.callerOf(request);
      requireAllTenants(caller);
      const { name, role, tenants = null, expiresAt = null } = request.body;
      const createdAt = context.now();
      if (expiresAt !== null && expiresAt <= createdAt) {
        throw new HttpError("http/bad-request", "`expiresAt` is in the past");
      }
      const person: PersonRecord = { name, role, tenants, createdAt, expiresAt };
      const token = makePersonToken();
      const isOwn = OWN_NAMES.includes(name);
      if (isOwn || !(await store.people.create(person, digestToken(token), caller.actor, createdAt))) {
        throw new HttpError("http/name-taken", `the name \`${name}\` is taken`);
      }
      logWrite(scope, caller, "person.create", `person ${name}`);
      return reply.code(201).send({ person, token });
    },
  });

  app.delete<{ Params: { readonly name: string } }>("/api/v1/people/:name", {
    ...forWriting("admin", {
      operationId: "removePerson",
      summary: "Ends what somebody's token opens",
      params: PERSON_PATH,
      response: {
        204: { description: "The token opens nothing any more.", type: "null" },
        404: ERROR_SCHEMA,
      },
    }),
    async handler(request, reply) {
      const caller = scope.callerOf(request);
      requireAllTenants(caller);
      const { name } = request.params;
      if (!(await store.people.remove(name, caller.actor, context.now()))) throw nothingLike("person");
      logWrite(scope, caller, "person.remove", `person ${name}`);
      return reply.code(204).send(null);
    },
  });
}
