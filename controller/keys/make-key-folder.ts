import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { KeyError } from "./key-error.ts";

/**
 * Makes a folder for private keys that git does not see: inside a work tree it ignores itself.
 *
 * @returns what takes away again what was not there before
 * @throws KeyError `keys/in-git`: git tracks files in it, or would; `keys/write-failed`
 */
export function makeKeyFolder(folder: string): () => void {
  const ignore = join(folder, ".gitignore");
  const undo = existsSync(folder) ? () => {} : () => rmSync(folder, { recursive: true, force: true });
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isInWorkTree(folder)) return undo;
    if (!existsSync(ignore)) writeFileSync(ignore, "# Private keys: nothing in here belongs into git.\n*\n");
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new KeyError("keys/write-failed", `\`${folder}\` cannot hold keys: ${text}`, {
      help: "choose another folder with --dir",
      cause,
    });
  }
  const tracked = git(folder, ["ls-files", "--", "."]).trim();
  const ignored = git(folder, ["check-ignore", "--no-index", "--", "root-1.json"]).trim();
  if (tracked === "" && ignored !== "") return undo;
  undo();
  throw new KeyError(
    "keys/in-git",
    `git ${tracked === "" ? "would track" : "tracks"} files in \`${folder}\``,
    {
      help: "choose a folder outside of the work tree with --dir: what git has seen is no secret any more",
    },
  );
}

function isInWorkTree(folder: string): boolean {
  for (let place = folder; ; place = dirname(place)) {
    if (existsSync(join(place, ".git"))) return true;
    if (dirname(place) === place) return false;
  }
}

/** What git prints. Nothing where it fails: then `check-ignore` has confirmed nothing, and the folder is refused. */
function git(folder: string, args: readonly string[]): string {
  return spawnSync("git", ["-C", folder, ...args], { encoding: "utf8", timeout: 10_000 }).stdout ?? "";
}
