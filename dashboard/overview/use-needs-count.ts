/** How many things need a person, as the bar at the top shows it; absent while nobody knows. */
export function useNeedsCount(): number | undefined {
  return undefined;
}
