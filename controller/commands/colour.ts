/**
 * Whether text on a stream is coloured: on a terminal, unless NO_COLOR says no (no-color.org); FORCE_COLOR says yes where
 * none is, as in a pipeline whose log shows colours, and 0 says no.
 */
export function isColoured(stream: { readonly isTTY?: boolean }, env = process.env): boolean {
  const { NO_COLOR, FORCE_COLOR } = env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return stream.isTTY === true;
}

const OF_LINE: readonly (readonly [start: string, code: number])[] = [
  ["--- ", 1],
  ["+++ ", 1],
  ["@@", 36],
  ["-", 31],
  ["+", 32],
];

/** A unified diff as `git diff` colours it. */
export function colourDiff(diff: string): string {
  return diff
    .split("\n")
    .map((line) => {
      const code = OF_LINE.find(([start]) => line.startsWith(start))?.[1];
      return code === undefined ? line : `\u001b[${code}m${line}\u001b[0m`;
    })
    .join("\n");
}
