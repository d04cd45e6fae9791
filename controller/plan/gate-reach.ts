import { alphaOfFleet } from "../../protocol/gate/judge-gate.ts";
import { failuresToHalt } from "../../protocol/gate/sequential-test.ts";
import type { Gate, Rollout } from "../../protocol/policy.ts";
import type { Severity } from "../../protocol/release.ts";
import { WHOLE_PPM } from "../../protocol/share.ts";
import { isCanary, placeInWaves, spreadFor } from "../../protocol/waves.ts";

/** A promotion that a gate watches, and how many devices it reaches before the second wave. */
export interface GateReach {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  readonly gate: Gate;
  devices: number;
  /** Canaries, and those of the first wave. */
  first: number;
}

/** Counts, for each rollout with a gate, whether enough devices come first for the gate to say anything. */
export class GateReaches {
  private readonly reaches = new Map<string, GateReach>();

  /**
   * @param groups the groups of the device, as `tenant/group`
   * @param fraction its place in the queue for the version, as `cohort` has it
   */
  add(
    { product, channel, version }: Pick<GateReach, "product" | "channel" | "version">,
    rollout: Rollout,
    severity: Severity,
    device: { readonly id: string; readonly groups: readonly string[]; readonly fraction: number },
  ): void {
    const { gate } = rollout;
    if (gate === undefined) return;
    const spread = spreadFor(rollout, severity);
    const key = JSON.stringify([product, channel, version]);
    let reach = this.reaches.get(key);
    if (reach === undefined) {
      reach = { product, channel, version, gate, devices: 0, first: 0 };
      this.reaches.set(key, reach);
    }
    reach.devices++;
    const isFirst =
      isCanary(rollout, device.id, device.groups, device.fraction) ||
      placeInWaves(spread, device.fraction)?.wave === 1;
    if (isFirst) reach.first++;
  }

  /**
   * Where so few come first that the gate would not halt if it failed on all of them; most devices first. Without a
   * second wave there is nothing to halt.
   */
  undecided(): GateReach[] {
    return [...this.reaches.values()]
      .filter(({ gate, first, devices }) => {
        const limit = gate.maxFailure / WHOLE_PPM;
        return first < devices && failuresToHalt(limit, first, alphaOfFleet(gate)) === undefined;
      })
      .sort((a, b) => b.devices - a.devices || (a.product < b.product ? -1 : 1));
  }
}
