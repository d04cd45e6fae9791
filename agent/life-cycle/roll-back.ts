import { statSync } from "node:fs";
import { duplicateFile } from "../files/copy-file.ts";
import { readInstalled } from "../formats/binary/installed-file.ts";
import { fromFileError, InstallError } from "../install-error.ts";
import { KEEP_PREVIOUS_SECONDS } from "../state/agent-state.ts";
import { type InstallOutcome, installStaged, resumeInstallation } from "./install.ts";
import type { InstallContext } from "./install-context.ts";
import type { InstallPlan } from "./journal.ts";

/**
 * A person's way back: installs the kept copy with the same care as an update.
 *
 * @throws InstallError `no-previous`: none is kept, or for longer than seven days
 */
export async function rollBackToPrevious(context: InstallContext): Promise<InstallOutcome> {
  const resumed = await resumeInstallation(context);
  const state = context.state.read();
  const { previous } = state;
  const now = context.now();
  if (previous === undefined || now - previous.keptAt > KEEP_PREVIOUS_SECONDS) {
    throw new InstallError("no-previous", "there is no previous version to go back to", {
      expected: `a copy that is at most ${KEEP_PREVIOUS_SECONDS / 86_400} days old`,
      got: previous === undefined ? "none" : `one of ${previous.version} that is older`,
      help:
        resumed?.outcome === "rolled-back"
          ? "an interrupted update was just rolled back; see `fairlead-agent status`"
          : "ask for an older version with a pin in the state repository",
    });
  }
  const copy = context.paths.previous(previous);
  const current = readInstalled(context.paths.installed);
  try {
    duplicateFile(copy, context.paths.staged(previous.sha256), context.paths.scratch);
    const plan: InstallPlan = {
      kind: "rollback",
      from:
        current === undefined
          ? null
          : { version: versionOf(state.installed, current.sha256), sha256: current.sha256 },
      to: { version: previous.version, sha256: previous.sha256, size: statSync(copy).size },
      startedAt: now,
    };
    return await installStaged(context, plan);
  } catch (error) {
    throw error instanceof Error && "errno" in error ? fromFileError(error, "copy", copy) : error;
  }
}

function versionOf(installed: { version: string; sha256: string } | undefined, sha256: string): string {
  return installed?.sha256 === sha256 ? installed.version : "unknown";
}
