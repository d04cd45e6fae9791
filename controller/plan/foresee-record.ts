import { releasesForFormat } from "../../protocol/releases-for-format.ts";
import { type DesiredState, policyFor } from "../desired/desired-state.ts";
import { type Foresight, foresee } from "../desired/foresee.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { deviceOf, localOf } from "../inventory/recorded-device.ts";

/** What a record's device will do in a state; `undefined` when the state does not have the product. */
export function foreseeRecord(
  state: DesiredState,
  record: InventoryRecord,
  now: number,
): Foresight | undefined {
  const policy = policyFor(state, record.product, record.tenant);
  if (policy === undefined) return undefined;
  const releases = releasesForFormat(policy.releases, record.format);
  return foresee(policy, releases, deviceOf(record), record.installed, localOf(record), now);
}
