import type { FleetStore } from "../../fleet/store/fleet-store.ts";
import type { DeviceRecord, InstallationRecord, RequestRecord } from "../../fleet/store/records.ts";
import { HttpError } from "../http-error.ts";
import { type Caller, mayKnow } from "../sign-in.ts";
import { nothingLike } from "./fleet-scope.ts";

/**
 * A device that the caller may know of.
 *
 * @throws HttpError `http/not-found`, the same where there is none
 */
export async function visibleDevice(store: FleetStore, caller: Caller, id: string): Promise<DeviceRecord> {
  const device = await store.devices.get(id);
  if (device === undefined || !mayKnow(caller, device.tenant)) throw nothingLike("device");
  const [shown = device] = await withoutForeignOriginals(store, caller, [device]);
  return shown;
}

/** A copy may have been moved to another tenant than the device that it is a copy of. */
export async function withoutForeignOriginals(
  store: FleetStore,
  caller: Caller,
  devices: readonly DeviceRecord[],
): Promise<readonly DeviceRecord[]> {
  if (caller.tenants === null || devices.every(({ copyOf }) => copyOf === null)) return devices;
  return Promise.all(
    devices.map(async (device) => {
      if (device.copyOf === null) return device;
      const original = await store.devices.get(device.copyOf);
      return original !== undefined && mayKnow(caller, original.tenant)
        ? device
        : { ...device, copyOf: null };
    }),
  );
}

/** @throws HttpError `http/not-found` */
export async function visibleRequest(store: FleetStore, caller: Caller, id: string): Promise<RequestRecord> {
  const request = await store.requests.get(id);
  if (request === undefined) throw nothingLike("request");
  if (caller.tenants === null) return request;
  const device = await store.devices.get(request.device);
  if (device === undefined || !mayKnow(caller, device.tenant)) throw nothingLike("request");
  return request;
}

/** What of a device a product is, or the only one that it has. @throws HttpError where it is not clear which one is meant */
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
