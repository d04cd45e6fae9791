import { useRead } from "../api/use-read.ts";

/** How many things need a person, as the bar at the top shows it; absent while nobody knows. */
export function useNeedsCount(): number | undefined {
  const needs = useRead("/api/v1/needs", { on: ["rollout", "commit"], alsoByTime: true });
  return needs.kind === "shown" ? needs.value.waiting : undefined;
}
