import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatch, structuredPatch } from "diff";
import type { FileChange } from "./edit.ts";

/** The time that a comparison takes grows with the square of this; two files with more are shown as replaced. */
const MAX_DIFFERENT_LINES = 2000;
const OPTIONS = { context: 3, stripTrailingCr: true } as const;

/** What a file was and is; absent: there was or is none. */
export interface FileSides extends Pick<FileChange, "path" | "before"> {
  readonly after: string | undefined;
}

/** The change as `git diff` would show it, `a/` and `b/` included; ends with a line break. */
export function unifiedDiff({ path, before, after }: FileSides): string {
  const names = [
    before === undefined ? "/dev/null" : `a/${path}`,
    after === undefined ? "/dev/null" : `b/${path}`,
  ] as const;
  const options = { ...OPTIONS, maxEditLength: MAX_DIFFERENT_LINES };
  const patch =
    structuredPatch(...names, before ?? "", after ?? "", undefined, undefined, options) ??
    replacement(names, before ?? "", after ?? "");
  return formatPatch(patch, FILE_HEADERS_ONLY);
}

/** Each change as {@link unifiedDiff}; a file that was renamed once, against what it was. */
export function diffsOf(
  changes: readonly FileChange[],
): readonly { readonly path: string; readonly diff: string }[] {
  const texts = new Map(changes.map(({ path, before }) => [path, before]));
  const moved = new Set(changes.flatMap(({ renamedFrom }) => renamedFrom ?? []));
  return changes.flatMap((change) => {
    const { path, after, renamedFrom } = change;
    if (moved.has(path)) return [];
    if (renamedFrom === undefined) return [{ path, diff: unifiedDiff(change) }];
    const names = `rename from ${renamedFrom}\nrename to ${path}\n`;
    const before = texts.get(renamedFrom);
    const diff = unifiedDiff({ path, before, after }).replace(`--- a/${path}`, `--- a/${renamedFrom}`);
    return [{ path, diff: before === after ? names : names + diff }];
  });
}

/** All old lines, then all new ones. */
function replacement(names: readonly [string, string], before: string, after: string): StructuredPatch {
  const removal = structuredPatch(...names, before, "", undefined, undefined, OPTIONS);
  const [removed] = removal.hunks;
  const [added] = structuredPatch(...names, "", after, undefined, undefined, OPTIONS).hunks;
  const hunk = {
    oldStart: 1,
    oldLines: removed?.oldLines ?? 0,
    newStart: 1,
    newLines: added?.newLines ?? 0,
    lines: [...(removed?.lines ?? []), ...(added?.lines ?? [])],
  };
  return { ...removal, hunks: [hunk] };
}
