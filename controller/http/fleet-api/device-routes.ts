import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { askedDevices, askedOrder, type DeviceQuery } from "./asked-devices.ts";
import { deviceCsv } from "./device-csv.ts";
import { explainedDevice } from "./explained-device.ts";
import { type FleetScope, forReading } from "./fleet-scope.ts";
import {
  DEVICE_FILTER_QUERY,
  DEVICE_LIST_QUERY,
  DEVICE_PATH,
  type DeviceSort,
  EXPLAIN_QUERY,
  type PageQuery,
  pagedQueryOf,
  pageOf,
  queryOf,
} from "./input-schemas.ts";
import { ATTEMPT, DEVICE, DEVICE_COUNTS, DEVICE_FACETS, EXPLANATION } from "./record-schemas.ts";
import { shownDevices } from "./shown-devices.ts";
import { shownFacets } from "./shown-facets.ts";
import { visibleDevice } from "./visible-device.ts";

interface ListQuery extends DeviceQuery {
  readonly sort?: DeviceSort;
}

interface DevicePath {
  readonly id: string;
}

/** What is known of machines. */
export function addDeviceRoutes(app: FastifyInstance, scope: FleetScope): void {
  const { store, context } = scope;

  app.get<{ Querystring: ListQuery & PageQuery }>("/api/v1/agents", {
    ...forReading("viewer", {
      operationId: "listAgents",
      summary: "The machines of the fleet, with what each is offered now",
      querystring: pagedQueryOf(DEVICE_LIST_QUERY),
      response: { 200: pageOf("agents", DEVICE, "Machines that all of the filters let through.") },
    }),
    async handler(request) {
      const caller = scope.callerOf(request);
      const { sort, product } = request.query;
      const list = await store.devices.list(
        await askedDevices(scope, caller, request.query),
        scope.pageOf(listOf(sort), request.query),
        context.now(),
        await askedOrder(scope, caller, sort, product),
      );
      return {
        agents: await shownDevices(scope, caller, list.rows),
        ...scope.nextOf(listOf(sort), list),
      };
    },
  });

  app.get<{ Querystring: DeviceQuery }>("/api/v1/agents/count", {
    ...forReading("viewer", {
      operationId: "countAgents",
      summary: "How many machines there are, by state",
      querystring: queryOf(DEVICE_FILTER_QUERY),
      response: { 200: DEVICE_COUNTS },
    }),
    handler: async (request) =>
      store.devices.count(await askedDevices(scope, scope.callerOf(request), request.query), context.now()),
  });

  app.get<{ Querystring: DeviceQuery }>("/api/v1/agents/facets", {
    ...forReading("viewer", {
      operationId: "countAgentsByFacets",
      summary: "How many machines there are, and how many with other values of each key of the filter",
      querystring: queryOf(DEVICE_FILTER_QUERY),
      response: { 200: DEVICE_FACETS },
    }),
    handler: (request) => shownFacets(scope, scope.callerOf(request), request.query),
  });

  app.get<{ Querystring: DeviceQuery }>("/api/v1/agents.csv", {
    ...forReading("viewer", {
      operationId: "exportAgents",
      summary: "The machines of a filter as CSV (RFC 4180): a line for each product on each",
      querystring: queryOf(DEVICE_FILTER_QUERY),
      response: {
        200: {
          description: "All of them, as they stand while they are read.",
          content: { "text/csv": { schema: { type: "string" } } },
        },
      },
    }),
    async handler(request, reply) {
      const caller = scope.callerOf(request);
      const filter = await askedDevices(scope, caller, request.query);
      return reply
        .header("content-type", "text/csv; charset=utf-8; header=present")
        .header("content-disposition", 'attachment; filename="agents.csv"')
        .send(Readable.from(deviceCsv(scope, caller, filter)));
    },
  });

  app.get<{ Params: DevicePath }>("/api/v1/agents/:id", {
    ...forReading("viewer", {
      operationId: "showAgent",
      summary: "One machine",
      params: DEVICE_PATH,
      response: { 200: { description: "What is known of it.", ...DEVICE }, 404: ERROR_SCHEMA },
    }),
    async handler(request) {
      const caller = scope.callerOf(request);
      const device = await visibleDevice(store, caller, request.params.id);
      const [row] = await shownDevices(scope, caller, [device]);
      return row;
    },
  });

  app.get<{ Params: DevicePath; Querystring: PageQuery }>("/api/v1/agents/:id/attempts", {
    ...forReading("viewer", {
      operationId: "listAttemptsOfAgent",
      summary: "What one machine has tried to install, newest first",
      params: DEVICE_PATH,
      querystring: pagedQueryOf({}),
      response: { 200: pageOf("attempts", ATTEMPT, "Its attempts."), 404: ERROR_SCHEMA },
    }),
    async handler(request) {
      const { id } = await visibleDevice(store, scope.callerOf(request), request.params.id);
      const list = `attempts of ${id}`;
      const page = await store.attempts.ofDevice(id, scope.pageOf(list, request.query));
      return { attempts: page.rows, ...scope.nextOf(list, page) };
    },
  });

  app.get<{ Params: DevicePath; Querystring: { readonly product?: string } }>("/api/v1/agents/:id/explain", {
    ...forReading("viewer", {
      operationId: "explainAgent",
      summary: "Why a machine runs what it runs: the trail of the decision, now",
      params: DEVICE_PATH,
      querystring: EXPLAIN_QUERY,
      response: { 200: EXPLANATION, 404: ERROR_SCHEMA },
    }),
    async handler(request) {
      const { product } = request.query;
      const explained = await explainedDevice(scope, scope.callerOf(request), request.params.id, product);
      const { installation, at, commit, decision } = explained;
      return {
        product: installation.product,
        installed: installation.installed?.version ?? null,
        ...{ at, commit, decision },
        ...(installation.decision === undefined ? {} : { reported: installation.decision }),
      };
    },
  });
}

/** A page key is good for the order that it was made in. */
function listOf(sort: DeviceSort | undefined): string {
  return sort === undefined ? "agents" : `agents by ${sort}`;
}
