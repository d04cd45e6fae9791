import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ProductHome } from "./agent-home.ts";

const STALE_AFTER_MS = 3_600_000;

/**
 * Takes away what a killed process left half-written. A younger file may be another process at work; one that cannot be
 * removed gives way when its name is next written to.
 */
export function sweepHome({ directory }: Pick<ProductHome, "directory">): void {
  try {
    for (const name of readdirSync(directory)) {
      if (!name.endsWith(".new")) continue;
      const path = join(directory, name);
      const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > STALE_AFTER_MS) rmSync(path, { force: true });
    }
  } catch {
    // Tidiness is no reason not to start.
  }
}
