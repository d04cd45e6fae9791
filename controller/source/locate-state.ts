import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { STATE_ROOTS } from "./find-state-root.ts";
import { StateLocationError } from "./state-location-error.ts";

/** Where the state repository is on this machine, for commands that work in a work tree. */
export interface StateLocation {
  /** Top of the git work tree; absent outside git. */
  readonly repository: string | undefined;
  /** The state root inside it, with `/`; empty when the repository's top is the root. */
  readonly path: string;
  /** Absolute path of the state root: the folder that holds `fleet.yaml`. */
  readonly root: string;
}

/**
 * Finds the state root: `explicit` if given, else the nearest folder upward from `from` that holds `fleet.yaml`
 * or `releases/fleet.yaml`.
 *
 * @throws StateLocationError `state/not-found`
 */
export function locateState(from: string, explicit?: string): StateLocation {
  const root = explicit === undefined ? searchUpward(resolve(from)) : resolve(from, explicit);
  if (root === undefined || !existsSync(join(root, "fleet.yaml"))) {
    const place = root ?? resolve(from);
    throw new StateLocationError("state/not-found", `no fleet.yaml in \`${place}\` or in a folder above it`, {
      help: "go to the state repository, name its folder with --root DIR, or make one with `fairlead init DIR`",
    });
  }
  const repository = topOfWorkTree(root);
  const path = repository === undefined ? "" : relative(repository, root).replaceAll("\\", "/");
  return { repository, path, root };
}

function searchUpward(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    for (const candidate of STATE_ROOTS.map((root) => join(folder, root))) {
      if (existsSync(join(candidate, "fleet.yaml"))) return candidate;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

function topOfWorkTree(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
