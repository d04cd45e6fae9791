import type { FastifyInstance } from "fastify";
import { formatTime } from "../../../protocol/trail.ts";
import inventorySchema from "../../../schemas/inventory.schema.json" with { type: "json" };
import { inventoryOf, isGone } from "../../fleet/inventory-of-device.ts";
import type { DeviceRecord } from "../../fleet/store/records.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { type FleetScope, forReading } from "./fleet-scope.ts";
import { INVENTORY_QUERY, type PageQuery, pagedQueryOf, pageOf } from "./input-schemas.ts";
import { visibleDevice } from "./visible-device.ts";

const { title: _, ...RECORD } = inventorySchema.$defs.record;

interface InventoryQuery extends PageQuery {
  readonly tenant?: string;
  readonly device?: string;
}

/** `GET /api/v1/inventory`: what the fleet runs, in the form that `fairlead plan` reads. */
export function addInventoryRoute(app: FastifyInstance, scope: FleetScope): void {
  app.get<{ Querystring: InventoryQuery }>("/api/v1/inventory", {
    ...forReading("viewer", {
      operationId: "inventory",
      summary: "What the fleet runs, as `fairlead plan --inventory` reads it",
      description:
        "One record for each product on each machine, without machines that are gone. `limit` counts machines.",
      querystring: pagedQueryOf(INVENTORY_QUERY),
      response: {
        200: pageOf("records", RECORD, "Records as schemas/inventory.schema.json has them."),
        404: ERROR_SCHEMA,
      },
    }),
    async handler(request) {
      const { tenant, device, ...query } = request.query;
      const now = scope.context.now();
      const caller = scope.callerOf(request);
      if (device !== undefined) {
        return { records: recordsOf(await visibleDevice(scope.store, caller, device)) };
      }
      const tenants = scope.tenantsAsked(caller, tenant);
      const page = await scope.store.devices.list({ tenants }, scope.pageOf("inventory", query), now);
      const records = page.rows.filter((device) => !isGone(device, now)).flatMap(recordsOf);
      return { records, ...scope.nextOf("inventory", page) };
    },
  });
}

function recordsOf(device: DeviceRecord) {
  return inventoryOf(device).map(({ lastSeen, ...record }) => ({
    ...record,
    ...(lastSeen === undefined ? {} : { lastSeen: formatTime(lastSeen) }),
  }));
}
