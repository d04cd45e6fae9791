import type { SoundState } from "../state/sound-state.ts";

/**
 * Ids of the devices in some groups (`tenant/group`), or `undefined` when one of the groups cannot be read, or selects
 * devices that only the fleet knows.
 */
export function canaryDevices(state: SoundState, groups: readonly string[]): ReadonlySet<string> | undefined {
  const devices = new Set<string>();
  for (const reference of groups) {
    const [tenant = "", name = ""] = reference.split("/");
    const known = state.tenants.get(tenant)?.value.groups ?? {};
    const group = Object.hasOwn(known, name) ? known[name] : undefined;
    if (group === undefined || group.match !== undefined) return undefined;
    for (const device of group.devices ?? []) devices.add(device);
  }
  return devices;
}
