import type { InstallError } from "../installation/install-error.ts";
import { forget, isUnswapped } from "./finish.ts";
import { tellFinished } from "./finished-attempt.ts";
import type { InstallContext } from "./install-context.ts";
import { Installation, type InstallOutcome } from "./installation.ts";
import type { OpenJournal } from "./journal.ts";
import { machineFacts } from "./machine-facts.ts";
import { mustResume } from "./next-step.ts";
import { verdictOf } from "./verdict-of.ts";

/**
 * Brings an interrupted installation to its end, if it had got as far as the swap; forgets one that had not.
 *
 * @param isDown why the product cannot be brought up again, where it cannot: a version that is being confirmed is then bad
 * @returns `undefined` when nothing had to go on
 * @throws InstallError `install/unconfirmed` while a new version that started by itself has time left; and as
 *   `installBuild`
 */
export async function resumeInstallation(
  context: InstallContext,
  isDown?: InstallError,
): Promise<InstallOutcome | undefined> {
  const journal = context.journal.read();
  if (journal.state === "idle") return undefined;
  if (!mustResume(journal, await machineFacts(context.format, journal))) {
    const { plan } = journal;
    if (isUnswapped(journal)) {
      tellFinished(context, {
        ...{ plan, endedAt: context.now(), step: journal.state, outcome: "failed", code: "install/aborted" },
        message: "the agent was stopped while it prepared the update; what was installed stays",
      });
    }
    await forget(context, plan, plan.kind === "update" ? plan.to : undefined);
    return undefined;
  }
  if (isDown !== undefined && journal.state === "confirming") {
    const { plan } = journal;
    const given = { state: "rolling-back", plan, ...verdictOf(isDown, "confirming") } as const;
    return new Installation(context, given).run();
  }
  return new Installation(context, withinTime(journal, context)).run();
}

/** A clock that was set back since then does not give a version more time than it had at first. */
function withinTime(journal: OpenJournal, { confirm, now }: InstallContext): OpenJournal {
  if (journal.state !== "confirming") return journal;
  return { ...journal, deadline: Math.min(journal.deadline, now() + confirm.seconds) };
}
