import type { ListedRollout } from "./rollout-types.ts";

const RANKS: Readonly<Record<ListedRollout["state"], number>> = {
  halted: 0,
  held: 1,
  active: 2,
  canary: 3,
  pending: 4,
  done: 5,
};

/** What a person has to decide first, then what moves, then what is done; within one state the newest first. */
export function inOrder(rollouts: readonly ListedRollout[]): ListedRollout[] {
  return rollouts.toSorted((a, b) => RANKS[a.state] - RANKS[b.state] || b.since - a.since);
}

/** What channels pointed to before, newest first. */
export function pastOf(rollouts: readonly ListedRollout[]): ListedRollout[] {
  return rollouts
    .filter(({ isCurrent }) => !isCurrent)
    .toSorted((a, b) => (b.endedAt ?? b.since) - (a.endedAt ?? a.since));
}
