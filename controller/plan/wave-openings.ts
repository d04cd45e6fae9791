import { findRelease } from "../../protocol/candidates.ts";
import type { ChannelPolicy } from "../../protocol/policy.ts";
import { own } from "../../protocol/scope.ts";
import { openedWaves, rolloutStart, spreadFor } from "../../protocol/waves.ts";
import type { DesiredProduct, DesiredState } from "../desired/desired-state.ts";
import type { PlannedOpening, PlannedWave } from "./plan.ts";

/** The waves of what a channel points to; none where it gives everything to everybody at once. */
export function wavesOfCurrent({ releases }: DesiredProduct, channel: ChannelPolicy): PlannedWave[] {
  const { current, rollout } = channel;
  if (rollout === undefined) return [];
  const severity = findRelease(releases, current.version)?.severity ?? "normal";
  const opened = openedWaves(channel, current, severity);
  const start = rolloutStart(channel, current).at;
  return spreadFor(rollout, severity).waves.map(({ ppm, after }, i) => ({
    share: ppm,
    at: start + after,
    ...(opened === undefined || i < opened ? {} : { shut: true }),
  }));
}

/** The waves that a change opens by hand, for who approves it: without an inventory nothing else shows them. */
export function waveOpenings(before: DesiredState, after: DesiredState): PlannedOpening[] {
  const openings: PlannedOpening[] = [];
  for (const [product, desired] of after.products) {
    const earlier = before.products.get(product);
    for (const [channel, policy] of Object.entries(desired.policy.channels)) {
      const known = own(earlier?.policy.channels, channel);
      const was =
        earlier === undefined || known?.current.version !== policy.current.version
          ? 0
          : openCount(wavesOfCurrent(earlier, known));
      const waves = wavesOfCurrent(desired, policy);
      const last = waves[openCount(waves) - 1];
      if (policy.rollout?.opened === undefined || last === undefined || openCount(waves) <= was) continue;
      const { version } = policy.current;
      const { share, at } = last;
      openings.push({
        product,
        channel,
        version,
        from: was + 1,
        to: openCount(waves),
        of: waves.length,
        share,
        at,
      });
    }
  }
  return openings;
}

function openCount(waves: readonly PlannedWave[]): number {
  return waves.filter(({ shut }) => shut !== true).length;
}
