import { Gauge, type Registry } from "prom-client";
import { ROLLOUT_STATES, type RolloutRecord, type RolloutState } from "../fleet/store/records.ts";

/** What is shown of a rollout besides what people ask for. */
export interface StandingRollout {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  /** The commit that promoted it. */
  readonly commit: string;
  readonly state: RolloutState;
  /** One sentence. */
  readonly reason: string;
  /** Since when it is in this state, and when something happens next by itself; seconds since 1970. */
  readonly since: number;
  readonly nextAt: number | null;
  /** A fraction of 1. */
  readonly share: number;
  readonly failures: number;
  readonly counted: number;
}

export function standingRollout(record: RolloutRecord): StandingRollout {
  const { product, channel, version, commit, state, reason, since, nextAt, allowed, judgement } = record;
  const { failures = 0, counted = 0 } = judgement.gate ?? {};
  const share = allowed / 1_000_000;
  return { product, channel, version, commit, state, reason, since, nextAt, share, failures, counted };
}

/** The rollouts that are under way, for alerts: one that is halted or held waits for a person. */
export class RolloutMetrics {
  private standing: readonly StandingRollout[] = [];

  constructor(registers: Registry[]) {
    const standing = (): readonly StandingRollout[] => this.standing;
    const labelNames = ["product", "channel", "version"] as const;
    new Gauge({
      name: "fairlead_rollout_state",
      help: "1 for the state that the rollout of what a channel points to is in, 0 for the others.",
      labelNames: [...labelNames, "state"],
      registers,
      collect() {
        this.reset();
        for (const { product, channel, version, state } of standing()) {
          for (const one of ROLLOUT_STATES) {
            this.set({ product, channel, version, state: one }, one === state ? 1 : 0);
          }
        }
      },
    });
    const shown = {
      fairlead_rollout_share: ["share", "Share of the fleet whose turn has come, without canaries."],
      fairlead_rollout_failures: ["failures", "Devices that failed or were silent, as the gate counts them."],
      fairlead_rollout_reports: ["counted", "Devices that the gate counts."],
    } as const;
    for (const [name, [member, help]] of Object.entries(shown)) {
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        collect() {
          this.reset();
          for (const rollout of standing()) {
            const { product, channel, version } = rollout;
            this.set({ product, channel, version }, rollout[member]);
          }
        },
      });
    }
  }

  /** From now on they stand like this. */
  show(standing: readonly StandingRollout[]): void {
    this.standing = standing;
  }
}
