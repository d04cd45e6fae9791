import type { ChannelState, SeverityWavesState } from "../../schemas/state.generated.ts";

/** Waves of a channel, with their place in its file and how a message calls one of them. */
export interface PlacedSpread {
  readonly spread: SeverityWavesState;
  readonly path: readonly string[];
  readonly wave: "wave" | "security wave";
}

/** The waves for all versions, and those for urgent ones. */
export function spreadsOf({ rollout }: ChannelState): PlacedSpread[] {
  if (rollout === undefined) return [];
  const spreads: PlacedSpread[] = [{ spread: rollout, path: ["rollout"], wave: "wave" }];
  const security = rollout.bySeverity?.security;
  if (security !== undefined) {
    spreads.push({ spread: security, path: ["rollout", "bySeverity", "security"], wave: "security wave" });
  }
  return spreads;
}
