import type { FastifyInstance } from "fastify";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { logWrite } from "./device-actions.ts";
import { type FleetScope, forReading, forWriting, nothingLike } from "./fleet-scope.ts";
import { type PageQuery, pagedQueryOf, pageOf, REQUEST_FILTER_QUERY, REQUEST_PATH } from "./input-schemas.ts";
import { REQUEST } from "./record-schemas.ts";
import { visibleRequest } from "./visible-device.ts";

interface RequestQuery extends PageQuery {
  readonly tenant?: string;
  readonly device?: string;
  readonly open?: boolean;
}

interface RequestPath {
  readonly id: string;
}

/** What was asked of machines, and what became of it. */
export function addRequestRoutes(app: FastifyInstance, scope: FleetScope): void {
  const { store, context } = scope;

  app.get<{ Querystring: RequestQuery }>("/api/v1/requests", {
    ...forReading("viewer", {
      operationId: "listRequests",
      summary: "Requests to single machines, newest first",
      querystring: pagedQueryOf(REQUEST_FILTER_QUERY),
      response: { 200: pageOf("requests", REQUEST, "Requests that all of the filters let through.") },
    }),
    async handler(request) {
      const { tenant, device, open, ...page } = request.query;
      const list = await store.requests.list(
        {
          tenants: scope.tenantsAsked(scope.callerOf(request), tenant),
          ...(device === undefined ? {} : { device }),
          ...(open === undefined ? {} : { open }),
        },
        scope.pageOf("requests", page),
      );
      return { requests: list.rows, ...scope.nextOf("requests", list) };
    },
  });

  app.get<{ Params: RequestPath }>("/api/v1/requests/:id", {
    ...forReading("viewer", {
      operationId: "showRequest",
      summary: "One request",
      params: REQUEST_PATH,
      response: { 200: { description: "How it stands.", ...REQUEST }, 404: ERROR_SCHEMA },
    }),
    handler: (request) => visibleRequest(store, scope.callerOf(request), request.params.id),
  });

  app.delete<{ Params: RequestPath }>("/api/v1/requests/:id", {
    ...forWriting("operator", {
      operationId: "cancelRequest",
      summary: "Cancels a request that has not ended",
      description: "A machine that was told of it already may do it all the same.",
      params: REQUEST_PATH,
      response: {
        200: { description: "As it is now.", ...REQUEST },
        404: ERROR_SCHEMA,
        409: ERROR_SCHEMA,
      },
    }),
    async handler(request) {
      const caller = scope.callerOf(request);
      const { id, endedAt } = await visibleRequest(store, caller, request.params.id);
      const cancelled = await store.requests.cancel(id, caller.actor, context.now());
      if (cancelled === undefined) throw nothingLike("request");
      if (endedAt !== null || cancelled.result !== "cancelled") {
        throw new HttpError("http/request-ended", "the request has ended already");
      }
      logWrite(scope, caller, "request.cancel", `request ${id}`);
      return cancelled;
    },
  });
}
