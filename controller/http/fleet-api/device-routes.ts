import type { FastifyInstance } from "fastify";
import type { FailureCause } from "../../../protocol/gate/failure-causes.ts";
import type { ProductPolicy } from "../../../protocol/policy.ts";
import type { DeviceFilter, DeviceState } from "../../fleet/store/fleet-store.ts";
import type { DeviceRecord, InstallationRecord } from "../../fleet/store/records.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { requireServing } from "../route-context.ts";
import { type Caller, scopeOf } from "./caller.ts";
import { decideFor } from "./device-decision.ts";
import { type FleetScope, forReading, nothingLike } from "./fleet-scope.ts";
import {
  DEVICE_FILTER_QUERY,
  DEVICE_PATH,
  EXPLAIN_QUERY,
  type PageQuery,
  pagedQueryOf,
  pageOf,
  queryOf,
} from "./input-schemas.ts";
import { withPlainHalts } from "./plain-halts.ts";
import { ATTEMPT, DEVICE, DEVICE_COUNTS, EXPLANATION } from "./record-schemas.ts";
import { visibleDevice, withoutForeignOriginals } from "./visible-device.ts";

interface FilterQuery {
  readonly tenant?: string;
  readonly site?: string;
  readonly label?: string;
  readonly platform?: string;
  readonly product?: string;
  readonly version?: string;
  readonly channel?: string;
  readonly state?: DeviceState;
  readonly cause?: FailureCause;
  readonly search?: string;
}

interface DevicePath {
  readonly id: string;
}

/** What is known of machines. */
export function addDeviceRoutes(app: FastifyInstance, scope: FleetScope): void {
  const { store, context } = scope;

  app.get<{ Querystring: FilterQuery & PageQuery }>("/api/v1/agents", {
    ...forReading("viewer", {
      operationId: "listAgents",
      summary: "The machines of the fleet, by their ids",
      querystring: pagedQueryOf(DEVICE_FILTER_QUERY),
      response: { 200: pageOf("agents", DEVICE, "Machines that all of the filters let through.") },
    }),
    async handler(request) {
      const caller = scope.callerOf(request);
      const list = await store.devices.list(
        filterOf(caller, request.query),
        scope.pageOf("agents", request.query),
        context.now(),
      );
      const agents = await withoutForeignOriginals(store, caller, list.rows);
      return { agents, ...scope.nextOf("agents", list) };
    },
  });

  app.get<{ Querystring: FilterQuery }>("/api/v1/agents/count", {
    ...forReading("viewer", {
      operationId: "countAgents",
      summary: "How many machines there are, by state",
      querystring: queryOf(DEVICE_FILTER_QUERY),
      response: { 200: DEVICE_COUNTS },
    }),
    handler: (request) =>
      store.devices.count(filterOf(scope.callerOf(request), request.query), context.now()),
  });

  app.get<{ Params: DevicePath }>("/api/v1/agents/:id", {
    ...forReading("viewer", {
      operationId: "showAgent",
      summary: "One machine",
      params: DEVICE_PATH,
      response: { 200: { description: "What is known of it.", ...DEVICE }, 404: ERROR_SCHEMA },
    }),
    handler: (request) => visibleDevice(store, scope.callerOf(request), request.params.id),
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
      const { manifest } = requireServing(context);
      const caller = scope.callerOf(request);
      const device = await visibleDevice(store, caller, request.params.id);
      const installation = installationOf(device, request.query.product);
      const at = context.now();
      const policyOf = caller.tenants === null ? (policy: ProductPolicy) => policy : withPlainHalts;
      const decision = decideFor(manifest, device, installation, policyOf, at);
      if (decision === undefined) throw nothingLike("product");
      return {
        product: installation.product,
        installed: installation.installed?.version ?? null,
        at,
        commit: manifest.commit,
        decision,
        ...(installation.decision === undefined ? {} : { reported: installation.decision }),
      };
    },
  });
}

function filterOf(caller: Caller, { tenant, label, ...rest }: FilterQuery & PageQuery): DeviceFilter {
  const { limit: _, after: __, ...others } = rest;
  const [, labelName, value] = /^([^=]+)=(.+)$/s.exec(label ?? "") ?? [];
  return {
    ...others,
    tenants: scopeOf(caller, tenant),
    ...(labelName === undefined || value === undefined ? {} : { label: [labelName, value] }),
  };
}

/** @throws HttpError where it is not clear which one is meant */
export function installationOf(device: DeviceRecord, product: string | undefined): InstallationRecord {
  const { installations } = device;
  const [first, ...others] =
    product === undefined ? installations : installations.filter((each) => each.product === product);
  if (first !== undefined && others.length === 0) return first;
  const known = installations.map((each) => each.product).join(", ");
  if (product !== undefined) {
    throw new HttpError("http/unknown-product", `the device has said nothing of \`${product}\``, {
      help: known === "" ? "it has said nothing of any product yet" : `it has ${known}`,
    });
  }
  throw known === ""
    ? new HttpError("http/unknown-product", "the device has said nothing of any product yet")
    : new HttpError("http/bad-request", "the device has several products", {
        help: `name one as \`product\`: ${known}`,
      });
}
