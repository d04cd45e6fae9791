import { DecisionContext } from "../../protocol/decision-context.ts";
import { chooseChannel } from "../../protocol/rules/choose-channel.ts";
import { type DesiredState, policyFor } from "../desired/desired-state.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { deviceOf, localOf } from "../inventory/recorded-device.ts";

/**
 * The channel that a record's device follows in a state, also while a pause keeps it from everything that the channel
 * offers; `undefined` when the state does not have the product.
 */
export function channelOfRecord(state: DesiredState, record: InventoryRecord): string | undefined {
  const policy = policyFor(state, record.product, record.tenant);
  if (policy === undefined) return undefined;
  const installed = { version: record.installed };
  // Time changes no channel.
  const context = new DecisionContext(
    policy,
    policy.releases,
    deviceOf(record),
    installed,
    localOf(record),
    0,
  );
  return chooseChannel(context).name;
}
