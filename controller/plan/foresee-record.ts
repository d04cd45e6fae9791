import { type Device, type LocalState, localChoices } from "../../protocol/device.ts";
import { type DesiredState, policyFor } from "../desired/desired-state.ts";
import { type Foresight, foresee } from "../desired/foresee.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";

/** What a record's device will do in a state; `undefined` when the state does not have the product. */
export function foreseeRecord(
  state: DesiredState,
  record: InventoryRecord,
  now: number,
): Foresight | undefined {
  const policy = policyFor(state, record.product, record.tenant);
  if (policy === undefined) return undefined;
  return foresee(policy, policy.releases, deviceOf(record), record.installed, localOf(record), now);
}

export function deviceOf({ device, platform, tenant, site, labels, facts }: InventoryRecord): Device {
  return {
    id: device,
    platform,
    ...(labels === undefined ? {} : { labels }),
    ...(facts === undefined ? {} : { facts }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(site === undefined ? {} : { site }),
  };
}

function localOf(record: InventoryRecord): LocalState {
  const { newestConfirmed, lastSeen } = record;
  return {
    ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
    ...localChoices(record),
    ...(lastSeen === undefined ? {} : { lastCheckAt: lastSeen }),
  };
}
