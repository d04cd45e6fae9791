import type { DeviceRecord, RequestRecord } from "../../fleet/store/records.ts";
import type { Caller } from "../sign-in.ts";
import { type DeviceRow, rowOf } from "./device-offer.ts";
import type { FleetScope } from "./fleet-scope.ts";
import { LARGEST_PAGE } from "./input-schemas.ts";
import { withoutForeignOriginals } from "./visible-device.ts";

/** A page of machines as lists show them: with what each is offered, and what waits for it. */
export async function shownDevices(
  { store, context }: FleetScope,
  caller: Caller,
  devices: readonly DeviceRecord[],
): Promise<readonly DeviceRow[]> {
  if (devices.length === 0) return [];
  const [shown, waiting] = await Promise.all([
    withoutForeignOriginals(store, caller, devices),
    store.requests.list(
      { tenants: caller.tenants, devices: devices.map(({ id }) => id), open: true },
      { limit: LARGEST_PAGE },
    ),
  ]);
  const requests = new Map<string, RequestRecord[]>();
  for (const request of waiting.rows) {
    const known = requests.get(request.device);
    if (known === undefined) requests.set(request.device, [request]);
    else known.push(request);
  }
  const manifest = context.state().serving?.manifest;
  const decider = { manifest, caller, now: context.now() };
  return shown.map((device) => rowOf(decider, device, requests.get(device.id) ?? []));
}
