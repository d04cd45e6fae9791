/** Agents that look again each second after a publication, at most. */
const LOOKS_PER_SECOND = 200;
/** Seconds over which even a small fleet is spread. */
const SHORTEST_SPREAD = 2;

/** Seconds over which so many agents have to spread their looks, so that a publication is no stampede. */
export function spreadOver(agents: number): number {
  return Math.max(SHORTEST_SPREAD, Math.ceil(agents / LOOKS_PER_SECOND));
}
