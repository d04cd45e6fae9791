import { findRelease } from "../../protocol/candidates.ts";
import type { ProductPolicy, Rollout, Spread } from "../../protocol/policy.ts";
import { own } from "../../protocol/scope.ts";
import { formatPpm, type Ppm, WHOLE_PPM } from "../../protocol/share.ts";
import { placeInWaves, spreadFor } from "../../protocol/waves.ts";
import type { DesiredProduct } from "../desired/desired-state.ts";

/**
 * The machines of a channel that get their turn together: those whose place in the queue lies in one part of it. Where
 * nobody says which machines there are, one stands for each of these.
 */
export interface WaveClass {
  /** How many of the channel's machines it stands for. */
  readonly share: Ppm;
  /** `the first 10%`, `10% to 50%`; absent where all go together. */
  readonly label: string | undefined;
  /** Between its place in the queue and the one of the next class, machines go one after the other. */
  readonly isSpread: boolean;
  /** The first or last of a wave: no machine between two of these is decided for otherwise. */
  readonly isEdge: boolean;
  /** The policy as a machine of this part meets it, whatever its id. */
  readonly policy: ProductPolicy;
}

/** Evenly opening waves are looked at in steps of one percent. */
const STEP: Ppm = WHOLE_PPM / 100;

/** The classes of a channel, the first of the queue first. */
export function waveClasses({ policy, releases }: DesiredProduct, channel: string): readonly WaveClass[] {
  const channelPolicy = own(policy.channels, channel);
  const rollout = channelPolicy?.rollout;
  if (channelPolicy === undefined || rollout === undefined) {
    return [{ share: WHOLE_PPM, label: undefined, isSpread: false, isEdge: true, policy }];
  }
  const severity = findRelease(releases, channelPolicy.current.version)?.severity ?? "normal";
  const spread = spreadFor(rollout, severity);
  const edges = new Set([0, ...spread.waves.map(({ ppm }) => ppm), rollout.canary?.share ?? 0]);
  const firstWave = spread.waves[0]?.ppm ?? 0;
  const cuts = new Set(edges);
  if (spread.strategy === "linear") {
    for (let at = firstWave; at < WHOLE_PPM; at += STEP) cuts.add(at);
  }
  const starts = [...cuts].filter((at) => at < WHOLE_PPM).sort((a, b) => a - b);
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? WHOLE_PPM;
    const changed = { ...channelPolicy, rollout: rolloutAt(rollout, start) };
    return {
      share: end - start,
      label: start === 0 ? `the first ${formatPpm(end)}` : `${formatPpm(start)} to ${formatPpm(end)}`,
      isSpread: spread.strategy === "linear" && start >= firstWave,
      isEdge: edges.has(start) || edges.has(end),
      policy: { ...policy, channels: { ...policy.channels, [channel]: changed } },
    };
  });
}

/** The waves as one machine meets them: nobody before its turn, everybody at it. */
function rolloutAt({ canary, bySeverity, ...rollout }: Rollout, start: Ppm): Rollout {
  const { share, devices = [], groups = [] } = canary ?? {};
  const isCanary = share !== undefined && start < share;
  return {
    ...rollout,
    ...spreadAt(rollout, start),
    ...(canary === undefined
      ? {}
      : { canary: isCanary ? { ...canary, share: WHOLE_PPM } : { devices, groups } }),
    ...(bySeverity === undefined ? {} : { bySeverity: { security: spreadAt(bySeverity.security, start) } }),
  };
}

function spreadAt(spread: Spread, start: Ppm): Spread {
  const place = placeInWaves(spread, start / WHOLE_PPM);
  return {
    strategy: "steps",
    waves: spread.waves.map(({ after }, index) => {
      const isReached = place !== undefined && index + 1 >= place.wave;
      return {
        ppm: isReached ? WHOLE_PPM : 0,
        after: place !== undefined && index + 1 === place.wave ? place.delay : after,
      };
    }),
  };
}
