import { chmodSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { copyFile } from "../../files/copy-file.ts";
import { sha256OfFile } from "../../files/hash-file.ts";
import { syncFolder } from "../../files/replace-file.ts";

/** What the copy is called, in the staging folder of a product. */
export const UPDATER = "updater.exe";

/**
 * Keeps a copy of the running agent under a name of its own, since nobody can replace a program that runs. Called on each
 * check, so that the copy cannot drift behind: what differs is replaced, in one step.
 *
 * @returns whether it was replaced
 * @throws the file system's error; the copy before is then untouched
 */
export function refreshUpdater(agent: string, copy: string): boolean {
  const wanted = sha256OfFile(agent);
  if (wanted === undefined || wanted === sha256OfFile(copy)) return false;
  const scratch = `${copy}.new`;
  rmSync(scratch, { force: true });
  copyFile(agent, scratch);
  chmodSync(scratch, 0o755);
  renameSync(scratch, copy);
  syncFolder(dirname(copy));
  return true;
}
