import type { Build } from "../installation/build.ts";
import { InstallError } from "../installation/install-error.ts";
import { type InstalledBuild, KEEP_PREVIOUS_SECONDS } from "../state/agent-state.ts";
import { installKept } from "./install.ts";
import type { InstallContext } from "./install-context.ts";
import type { InstallOutcome } from "./installation.ts";
import { resumeInstallation } from "./resume.ts";

export interface RollBackOptions {
  /** See `InstallPlan.attempt`. */
  readonly attempt: string;
  readonly request?: string | undefined;
  /** Throws where this way back must not be taken. A person at the machine may take any. */
  readonly requireAllowed?: (from: Build | undefined, to: Build) => void;
}

/**
 * A person's way back: installs the kept build with the same care as an update.
 *
 * @throws InstallError `install/no-previous`: none is kept, or for longer than seven days; what `requireAllowed` throws
 */
export async function rollBackToPrevious(
  context: InstallContext,
  { attempt, request, requireAllowed }: RollBackOptions,
): Promise<InstallOutcome> {
  const resumed = await resumeInstallation(context);
  const state = context.state.read();
  const { previous } = state;
  const now = context.now();
  if (previous === undefined || now - previous.keptAt > KEEP_PREVIOUS_SECONDS) {
    throw new InstallError("install/no-previous", "there is no previous version to go back to", {
      expected: `a copy that is at most ${KEEP_PREVIOUS_SECONDS / 86_400} days old`,
      got: previous === undefined ? "none" : `one of ${previous.version} that is older`,
      help:
        resumed?.outcome === "rolled-back"
          ? "an interrupted update was just rolled back; see `fairlead-agent status`"
          : "ask for an older version with a pin in the state repository",
    });
  }
  const found = await context.format.installed();
  const from =
    found === undefined ? undefined : { version: versionOf(state.installed, found.id), id: found.id };
  const to = { version: previous.version, id: previous.id };
  requireAllowed?.(from, to);
  return installKept(context, {
    kind: "rollback",
    from: from ?? null,
    to,
    startedAt: now,
    attempt,
    ...(request === undefined ? {} : { request }),
  });
}

function versionOf(installed: InstalledBuild | undefined, id: string): string {
  return installed?.id === id ? installed.version : "unknown";
}
