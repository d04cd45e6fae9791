import { existsSync, renameSync } from "node:fs";

/** Damaged files kept to look at under one name; where all of these are taken, the last is given up. */
const MAX_KEPT = 5;

/**
 * Moves what stands at a path out of the way, to look at: nothing is thrown away, and the path is free.
 *
 * @returns whether the path is free now
 */
export function setAside(path: string): boolean {
  let aside = `${path}.damaged`;
  for (let count = 2; existsSync(aside) && count <= MAX_KEPT; count++) aside = `${path}.damaged-${count}`;
  try {
    renameSync(path, aside);
    return true;
  } catch {
    // A read-only file system, or a folder in the last place: whoever then writes at the path gets the reason.
    return false;
  }
}
