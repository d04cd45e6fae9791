import { own } from "../../protocol/scope.ts";
import type { DesiredState } from "../desired/desired-state.ts";
import type { PlannedWave } from "./plan.ts";
import { wavesOfCurrent } from "./wave-openings.ts";

/** The waves of one rollout with a change and without it. */
export interface RetimedWaves {
  readonly waves: readonly PlannedWave[];
  readonly formerWaves: readonly PlannedWave[];
}

/** Finds the waves that a change moves in time, of what a channel points to before it and after it. */
export class RetimedRollouts {
  private readonly before: DesiredState;
  private readonly after: DesiredState;
  private readonly now: number;
  private readonly known = new Map<string, boolean>();

  constructor(before: DesiredState, after: DesiredState, now: number) {
    this.before = before;
    this.after = after;
    this.now = now;
  }

  /** Whether somebody who waits for `version` on the channel has to wait for another time. */
  moves(product: string, channel: string, version: string | null): boolean {
    const key = `${product}/${channel}/${version}`;
    let moves = this.known.get(key);
    if (moves === undefined) {
      const waves = this.wavesIn(this.after, product, channel, version);
      const former = this.wavesIn(this.before, product, channel, version);
      moves = waves !== undefined && former !== undefined && this.openings(waves) !== this.openings(former);
      this.known.set(key, moves);
    }
    return moves;
  }

  /** Empty on a side where the channel points elsewhere, or gives what it points to to everybody at once. */
  wavesOf(product: string, channel: string, version: string | null): RetimedWaves {
    return {
      waves: this.wavesIn(this.after, product, channel, version) ?? [],
      formerWaves: this.wavesIn(this.before, product, channel, version) ?? [],
    };
  }

  private wavesIn(
    state: DesiredState,
    product: string,
    channel: string,
    version: string | null,
  ): readonly PlannedWave[] | undefined {
    const desired = state.products.get(product);
    const policy = own(desired?.policy.channels, channel);
    if (desired === undefined || policy?.current.version !== version) return undefined;
    return wavesOfCurrent(desired, policy);
  }

  /** What is open by now is open, whenever it came. */
  private openings(waves: readonly PlannedWave[]): string {
    const all = waves.length === 0 ? [{ share: 1_000_000, at: this.now }] : waves;
    return JSON.stringify(
      all.map(({ share, at, shut }) => [share, shut === true ? null : Math.max(at, this.now)]),
    );
  }
}
