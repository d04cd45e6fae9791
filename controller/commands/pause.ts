import { Option } from "commander";
import { parseDuration } from "../../protocol/duration.ts";
import { pauseScope, resumeScope } from "../edit/pause-scope.ts";
import type { ScopeFlags } from "../edit/scope-place.ts";
import type { CommandInstaller } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";
import { withAnyScope } from "./scope-options.ts";

interface PauseOptions extends EditOptions, ScopeFlags {
  readonly reason: string;
  readonly until?: string;
  readonly for?: string;
}

interface ResumeOptions extends EditOptions, ScopeFlags {
  readonly reason?: string;
}

/** `fairlead pause` */
export const addPauseCommand: CommandInstaller = (program) => {
  const pause = program
    .command("pause")
    .description("stop all updates of a scope: nothing under it moves until it is resumed")
    .requiredOption("--reason <text>", "why, for whoever reads this later")
    .addOption(
      new Option(
        "--until <date>",
        "when it ends by itself: 2027-01-31 (midnight UTC), or a date and time with a zone",
      ).conflicts("for"),
    )
    .option("--for <duration>", "the same, from now: 12h, 3d");
  withEditOptions(withAnyScope(pause)).action((options: PauseOptions) =>
    runEdit(pause, options, (context) =>
      pauseScope(context, { scope: options, reason: options.reason, until: endOf(options, context.now) }),
    ),
  );
};

/** Whole minutes: nobody reads the seconds of a pause. */
function endOf({ until, for: duration }: PauseOptions, now: number): string | undefined {
  if (duration === undefined) return until;
  const end = now + parseDuration(duration);
  return `${new Date(end * 1000).toISOString().slice(0, 16)}Z`;
}

/** `fairlead resume` */
export const addResumeCommand: CommandInstaller = (program) => {
  const resume = program
    .command("resume")
    .description("end the pause of a scope; a pause of a wider one still holds")
    .option("--reason <text>", "why, for the commit message");
  withEditOptions(withAnyScope(resume)).action((options: ResumeOptions) =>
    runEdit(resume, options, (context) => resumeScope(context, { scope: options, reason: options.reason })),
  );
};
