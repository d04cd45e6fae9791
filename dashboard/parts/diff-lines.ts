/** A line of a difference. `place`: where the next lines are. */
export interface DiffLine {
  readonly kind: "added" | "removed" | "same" | "place";
  readonly text: string;
}

/** The lines of one file's difference as `git diff` writes it, without its head. Pure. */
export function linesOf(diff: string): DiffLine[] {
  const lines = diff.replace(/\n$/, "").split("\n");
  const start = lines.findIndex((line) => line.startsWith("@@"));
  if (start === -1) return [];
  return lines.slice(start).flatMap((line): DiffLine[] => {
    const text = line.slice(1);
    switch (line.charAt(0)) {
      case "+":
        return [{ kind: "added", text }];
      case "-":
        return [{ kind: "removed", text }];
      case "@":
        return [{ kind: "place", text: placeOf(line) }];
      case "\\":
        return [];
      default:
        return [{ kind: "same", text }];
    }
  });
}

/** `@@ -3,7 +3,8 @@` as people say it. */
function placeOf(line: string): string {
  const from = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(line)?.[1];
  return from === undefined || from === "0" ? "" : `line ${from}`;
}
