/** A line by which git marks what it could not merge, with a word behind it where git writes one. */
const MARKER = /^(?:<{7} .*|\|{7} .*|={7}|>{7} .*)$/m;

/** Where a file holds what git could not merge; its first marker. `undefined` where it holds none. */
export function findConflictMarker(
  text: string,
):
  | { readonly message: string; readonly range: { start: number; end: number }; readonly help: string }
  | undefined {
  const found = MARKER.exec(text);
  if (found === null) return undefined;
  return {
    message: `git left a conflict here: \`${found[0].slice(0, 60)}\``,
    range: { start: found.index, end: found.index + found[0].length },
    help: "keep what is right of both sides and remove the three markers, then commit",
  };
}
