import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { REQUEST_LIFETIME_DAYS, type RequestKind } from "../../../protocol/check-in/device-request.ts";
import type { DeviceRecord, Labels, RequestRecord } from "../../fleet/store/records.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { requireServing } from "../route-context.ts";
import { type Caller, mayKnow, requireAllTenants } from "../sign-in.ts";
import { type FleetScope, forWriting, nothingLike } from "./fleet-scope.ts";
import { ASK_BODY, DEVICE_PATH, MOVE_BODY } from "./input-schemas.ts";
import { DEVICE, REQUEST } from "./record-schemas.ts";
import { shownDevices } from "./shown-devices.ts";
import { installationOf, visibleDevice } from "./visible-device.ts";

interface DevicePath {
  readonly id: string;
}

interface MoveBody {
  readonly tenant?: string | null;
  readonly site?: string | null;
  readonly labels?: Labels;
}

type AskRequest = FastifyRequest<{ Params: DevicePath; Body: { readonly product?: string } | null }>;

/** What people ask of one machine. */
export function addDeviceActions(app: FastifyInstance, scope: FleetScope): void {
  const { store, context } = scope;
  addRequestAction(app, scope, "update", {
    summary: "Asks a machine to update now",
    description:
      "Passes waves, windows and `autoUpdate: false`, and nothing else: no pause, no halt, no missing requirement.",
  });
  addRequestAction(app, scope, "rollback", {
    summary: "Asks a machine to go back to the version that it kept",
    description: "Within what the release key allows.",
  });
  addRequestAction(app, scope, "look", { summary: "Asks a machine to look at the manifest now" });

  app.post<{ Params: DevicePath; Body: MoveBody }>("/api/v1/agents/:id/move", {
    ...forWriting("operator", {
      operationId: "moveAgent",
      summary: "Puts a machine into another tenant or site, or gives it other labels",
      description: "It hears of it with its next check-in.",
      params: DEVICE_PATH,
      body: MOVE_BODY,
      response: { 200: { description: "As it is now.", ...DEVICE }, 404: ERROR_SCHEMA },
    }),
    async handler(request) {
      const caller = scope.callerOf(request);
      const { id } = request.params;
      const device = await visibleDevice(store, caller, id);
      const to = destinationOf(device, request.body);
      requireDestination(scope, caller, device, to.tenant);
      if (!(await store.devices.move(id, to, caller.actor, context.now()))) throw nothingLike("device");
      logWrite(scope, caller, "device.move", `device ${id}`);
      const [row] = await shownDevices(scope, caller, [await visibleDevice(store, caller, id)]);
      return row;
    },
  });

  app.delete<{ Params: DevicePath }>("/api/v1/agents/:id", {
    ...forWriting("admin", {
      operationId: "removeAgent",
      summary: "Removes a machine: it has to enrol again",
      params: DEVICE_PATH,
      response: { 204: { description: "It is gone.", type: "null" }, 404: ERROR_SCHEMA },
    }),
    async handler(request, reply) {
      const caller = scope.callerOf(request);
      const { id } = await visibleDevice(store, caller, request.params.id);
      if (!(await store.devices.remove(id, caller.actor, context.now()))) throw nothingLike("device");
      logWrite(scope, caller, "device.remove", `device ${id}`);
      return reply.code(204).send(null);
    },
  });
}

function addRequestAction(
  app: FastifyInstance,
  scope: FleetScope,
  kind: RequestKind,
  described: { readonly summary: string; readonly description?: string },
): void {
  const { summary, description } = described;
  app.post<{ Params: DevicePath; Body: { readonly product?: string } | null }>(`/api/v1/agents/:id/${kind}`, {
    ...forWriting("operator", {
      operationId: `${kind}Agent`,
      summary,
      description: [
        description,
        `It waits up to ${REQUEST_LIFETIME_DAYS} days for a machine that is offline.`,
      ]
        .filter((part) => part !== undefined)
        .join(" "),
      params: DEVICE_PATH,
      ...(kind === "look" ? {} : { body: ASK_BODY }),
      response: {
        200: { description: "The same is asked of it already.", ...REQUEST },
        201: { description: "It is told with its next check-in.", ...REQUEST },
        404: ERROR_SCHEMA,
      },
    }),
    handler: (request, reply) => ask(scope, kind, request, reply),
  });
}

async function ask(
  scope: FleetScope,
  kind: RequestKind,
  request: AskRequest,
  reply: FastifyReply,
): Promise<RequestRecord> {
  const { store, context } = scope;
  const caller = scope.callerOf(request);
  const device = await visibleDevice(store, caller, request.params.id);
  const product = kind === "look" ? undefined : installationOf(device, request.body?.product).product;
  const open = await store.requests.list(
    { tenants: caller.tenants, device: device.id, open: true },
    { limit: MOST_OPEN },
  );
  const same = open.rows.find((each) => each.kind === kind && each.product === product);
  if (same !== undefined) return same;
  if (open.rows.length >= MOST_OPEN) {
    throw new HttpError("http/too-many-requests", `${MOST_OPEN} requests wait for the device already`);
  }
  const askedAt = context.now();
  const added = await store.requests.add(
    {
      id: randomBytes(16).toString("hex"),
      device: device.id,
      kind,
      askedAt,
      expiresAt: askedAt + REQUEST_LIFETIME_DAYS * 86_400,
      ...(product === undefined ? {} : { product }),
    },
    caller.actor,
  );
  logWrite(scope, caller, `request.${kind}`, `device ${device.id}`);
  reply.code(201);
  return added;
}

/** Two of each kind for each product that a machine reports about. */
const MOST_OPEN = 65;

function destinationOf(device: DeviceRecord, { tenant, site, labels }: MoveBody) {
  const isOther = tenant !== undefined && tenant !== device.tenant;
  return {
    tenant: tenant === undefined ? device.tenant : tenant,
    site: site === undefined ? (isOther ? null : device.site) : site,
    labels: labels ?? device.labels,
  };
}

/** @throws HttpError `http/unknown-tenant`, the same where the caller may not know of it */
function requireDestination(
  { context }: FleetScope,
  caller: Caller,
  device: DeviceRecord,
  tenant: string | null,
): void {
  if (tenant === device.tenant) return;
  if (tenant === null) {
    requireAllTenants(caller);
    return;
  }
  const isKnown = requireServing(context).manifest.tenants.get(tenant) !== undefined;
  if (isKnown && mayKnow(caller, tenant)) return;
  throw new HttpError("http/unknown-tenant", `there is no tenant \`${tenant}\``);
}

/** The audit log is the store's, written with the change itself. This line is for whoever follows the controller's log. */
export function logWrite({ context }: FleetScope, { actor }: Caller, action: string, subject: string): void {
  context.log.info(
    { event: "fleet.write", action, subject, ...actor },
    `${actor.name}: ${action} ${subject}`,
  );
}
