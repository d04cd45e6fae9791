import { join } from "node:path";
import { readBounded } from "../files/read-bounded.ts";
import { errnoOf } from "../files/system-error.ts";
import type { GitRepository } from "./git-repository.ts";
import { isObjectId } from "./object-id.ts";
import { parseRefName } from "./ref-name.ts";

const MOST_BYTES = 4096;
/** Refs that all work trees of a repository share, as `HEAD` is not. */
const SHARED = /^refs\/(?:heads|tags|remotes)\//;

/**
 * What a ref holds that lies in a file of its own (gitrepository-layout(5)): whatever moves a ref leaves it there until it
 * is packed, and starting git to ask costs more than all else of a look. `undefined`: git has to be asked.
 *
 * @param ref a whole name, as `parseRefName` lets through
 */
export function readLooseRef(repository: GitRepository, ref: string): string | undefined {
  if (ref !== "HEAD") return idIn(repository, ref);
  const [, branch] = /^ref: (refs\/heads\/\S+)\n$/.exec(textOf(join(repository.gitDir, "HEAD"))) ?? [];
  return branch === undefined ? undefined : idIn(repository, branch);
}

function idIn({ commonDir }: GitRepository, ref: string): string | undefined {
  if (!SHARED.test(ref) || parseRefName(ref) === undefined) return undefined;
  const [, id = ""] = /^([0-9a-f]+)\n$/.exec(textOf(join(commonDir, ref))) ?? [];
  return isObjectId(id) ? id : undefined;
}

/** Empty where there is no such file, or none that can be read. */
function textOf(path: string): string {
  try {
    return readBounded(path, MOST_BYTES)?.toString("latin1") ?? "";
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return "";
  }
}
