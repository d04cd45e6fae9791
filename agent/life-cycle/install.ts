import type { InstallContext } from "./install-context.ts";
import { type BringBytes, Installation, type InstallOutcome } from "./installation.ts";
import type { InstallPlan } from "./journal.ts";

/**
 * Installs one build.
 *
 * @param bring brings its bytes into staging
 * @throws InstallError when nothing was swapped, or when the previous version could not be put back yet. Where the
 *   cause speaks against the build, it is blocked and kept aside.
 * @throws HomeError where the journal cannot be written: then nothing was begun
 */
export function installBuild(
  context: InstallContext,
  plan: InstallPlan,
  bring: BringBytes,
): Promise<InstallOutcome> {
  return new Installation(context, { state: "downloading", plan }, bring).begin();
}

/** Installs the kept previous build again: the same way, with nothing to download. */
export function installKept(context: InstallContext, plan: InstallPlan): Promise<InstallOutcome> {
  return new Installation(context, { state: "verified", plan }).begin();
}
