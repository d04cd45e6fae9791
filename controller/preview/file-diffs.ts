import { redactSecrets } from "../diagnostics/redact-secrets.ts";
import { unifiedDiff } from "../edit/unified-diff.ts";
import type { GitRepository } from "../source/git-repository.ts";
import type { LoggedChange } from "../source/logged-commit.ts";
import { findPrivateKey } from "../state/find-private-key.ts";
import type { FileDiff } from "./preview-service.ts";

const MOST_FILES = 100;
/** Of one file, before or after; larger ones are named only. */
const MOST_BYTES = 128 * 1024;
/** Of all differences together, characters. */
const MOST_TEXT = 256 * 1024;

/**
 * How files differ, within bounds: of what is left out the paths stay. A commit may be refused for a secret in it, and
 * not everybody who looks here may read the repository: what looks like one is not shown.
 *
 * @throws SourceError
 */
export async function fileDiffs(
  repository: GitRepository,
  changes: readonly LoggedChange[],
): Promise<{ readonly diffs: readonly FileDiff[]; readonly omitted: number }> {
  const shown = changes.slice(0, MOST_FILES);
  const ids = shown.flatMap(({ before, after }) => [before, after].filter((id) => id !== undefined));
  const objects = await repository.objects.read(ids, MOST_BYTES);
  const bytes = new Map(ids.map((id, index) => [id, objects[index]?.bytes]));
  let room = MOST_TEXT;
  const diffs = shown.map(({ path, before, after }): FileDiff => {
    const was = sideOf(before, bytes);
    const is = sideOf(after, bytes);
    if (was === undefined || is === undefined) return { path };
    const diff = redactSecrets(unifiedDiff({ path, before: was.text, after: is.text }));
    room -= diff.length;
    return room < 0 ? { path } : { path, diff };
  });
  return { diffs, omitted: changes.length - shown.length };
}

/** One side of a difference, without text where there is no file; `undefined`: it is not to be shown. */
function sideOf(
  id: string | undefined,
  bytes: ReadonlyMap<string, Buffer | undefined>,
): { readonly text: string | undefined } | undefined {
  if (id === undefined) return { text: undefined };
  const found = bytes.get(id);
  if (found === undefined || found.includes(0) || hasPrivateKey(found)) return undefined;
  return { text: found.toString("utf8") };
}

/** Also one that is commented out, which no check of the state takes for a key. */
function hasPrivateKey(bytes: Buffer): boolean {
  return bytes.includes("PRIVATE KEY-----") || findPrivateKey(bytes) !== undefined;
}
