import { AT_REST } from "./device-state.ts";
import type { FleetEvent } from "./fleet-event.ts";
import type { CheckInRecord, CheckInResult, FleetStore } from "./store/fleet-store.ts";
import type { RequestRecord } from "./store/records.ts";

/**
 * The same store, which tells of what is written: whoever writes, a device or a person, and by whichever way. It tells
 * after it is on disk.
 */
export function newsOfStore(store: FleetStore, tell: (event: FleetEvent) => void): FleetStore {
  const { devices, requests } = store;
  const tenantOf = async (device: string): Promise<string | null> =>
    (await devices.get(device))?.tenant ?? null;
  const tellOfDevice = async (device: string): Promise<void> =>
    tell({ kind: "device", device, tenant: await tenantOf(device) });
  const tellOfRequest = async (
    { id, device }: Pick<RequestRecord, "id" | "device">,
    state: Extract<FleetEvent, { kind: "request" }>["state"],
  ): Promise<void> => tell({ kind: "request", device, tenant: await tenantOf(device), id, state });

  const tellOfCheckIn = async (
    { device, checkIn }: CheckInRecord,
    { isCopy, acknowledged, requests: delivered }: CheckInResult,
  ): Promise<void> => {
    if (isCopy) await tellOfDevice(device);
    const isUnderWay = !isCopy && checkIn.products.some(({ journal }) => !AT_REST.includes(journal));
    // Most check-ins bring nothing, and nobody is told of those.
    if (acknowledged.length === 0 && delivered.length === 0 && !isUnderWay) return;
    const tenant = await tenantOf(device);
    // What came of an installation is told by its attempt.
    if (isUnderWay) tell({ kind: "device", device, tenant });
    for (const { id } of delivered) tell({ kind: "request", device, tenant, id, state: "delivered" });
    const known = new Set(acknowledged);
    for (const { id } of checkIn.attempts) if (known.has(id)) tell({ kind: "attempt", device, tenant, id });
    for (const { id } of checkIn.handled) {
      if (known.has(id)) tell({ kind: "request", device, tenant, id, state: "ended" });
    }
  };

  return {
    ...{ attempts: store.attempts, rollouts: store.rollouts, tokens: store.tokens, people: store.people },
    ...{ audit: store.audit, summary: store.summary, upkeep: store.upkeep, close: () => store.close() },
    checkIns: {
      async record(record) {
        const result = await store.checkIns.record(record);
        await tellOfCheckIn(record, result);
        return result;
      },
    },
    devices: {
      get: (id) => devices.get(id),
      keyOf: (id, generation) => devices.keyOf(id, generation),
      list: (filter, page, now, order) => devices.list(filter, page, now, order),
      count: (filter, now) => devices.count(filter, now),
      facets: (filter, now) => devices.facets(filter, now),
      countMembers: (filter, groups, now) => devices.countMembers(filter, groups, now),
      kinds: (product, now) => devices.kinds(product, now),
      versions: (product, tenants, now) => devices.versions(product, tenants, now),
      census: (product, channel, tenants, now) => devices.census(product, channel, tenants, now),
      adoption: (product, channel, tenants, when) => devices.adoption(product, channel, tenants, when),
      adoptionSince: (product, channel, tenants) => devices.adoptionSince(product, channel, tenants),
      async enrol(enrolment) {
        const result = await devices.enrol(enrolment);
        if (result.kind === "enrolled") {
          tell({ kind: "device", device: result.device.id, tenant: result.device.tenant });
        }
        return result;
      },
      async replaceKey(id, generation, publicKey, now) {
        const isNext = await devices.replaceKey(id, generation, publicKey, now);
        if (isNext) await tellOfDevice(id);
        return isNext;
      },
      async move(id, to, by, now) {
        const before = await tenantOf(id);
        const isThere = await devices.move(id, to, by, now);
        // Who saw it leave and who sees it come may be two.
        for (const tenant of isThere ? new Set([before, to.tenant]) : []) {
          tell({ kind: "device", device: id, tenant });
        }
        return isThere;
      },
      async remove(id, by, now) {
        const tenant = await tenantOf(id);
        const wasThere = await devices.remove(id, by, now);
        if (wasThere) tell({ kind: "device", device: id, tenant });
        return wasThere;
      },
    },
    requests: {
      async add(request, by) {
        const added = await requests.add(request, by);
        await tellOfRequest(added, "asked");
        return added;
      },
      async addAll(given, by) {
        const added = await requests.addAll(given, by);
        for (const one of added) await tellOfRequest(one, "asked");
        return added;
      },
      async cancelAll(what, by, now) {
        const cancelled = await requests.cancelAll(what, by, now);
        for (const one of cancelled) await tellOfRequest(one, "ended");
        return cancelled;
      },
      async cancel(id, by, now) {
        const cancelled = await requests.cancel(id, by, now);
        if (cancelled !== undefined) await tellOfRequest(cancelled, "ended");
        return cancelled;
      },
      get: (id) => requests.get(id),
      list: (filter, page) => requests.list(filter, page),
    },
  };
}
