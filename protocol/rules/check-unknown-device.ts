import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";

/** Rule 2, last part: whether a device that no tenant, site, group or device of state names may move at all. */
export function checkUnknownDevice(context: DecisionContext): RefuseDecision | undefined {
  const { policy, tenant } = context;
  if (policy.fleet.unknownDevices !== "hold") return undefined;
  const where = "fleet.yaml#/unknownDevices";
  if (tenant !== undefined) {
    context.trail.add("unknownDevices", "pass", `tenant ${tenant.tenant} names it`, where);
    return undefined;
  }
  const text = "no tenant, site, group or device of state names it, and such devices are held";
  return context.refuse("unknownDevices", "unknown-device", text, { where });
}
