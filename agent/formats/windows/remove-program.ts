import { rmSync } from "node:fs";

/** Removes a program that may run still, or that a virus scanner has open: then a later sweep does. */
export function tryToRemove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Windows keeps the file of a program that runs.
  }
}
