import { type Command, Option } from "commander";
import { parseDuration } from "../../protocol/duration.ts";
import { pauseScope, resumeScope } from "../edit/pause-scope.ts";
import { type ResumeHaltRequest, resumeHalt } from "../edit/resume-halt.ts";
import type { ScopeFlags } from "../edit/scope-place.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";
import { withAnyScope } from "./scope-options.ts";

interface PauseOptions extends EditOptions, ScopeFlags {
  readonly reason: string;
  readonly until?: string;
  readonly for?: string;
}

interface ResumeOptions extends EditOptions, ScopeFlags {
  readonly reason?: string;
  readonly halt?: boolean;
  readonly restartWaves?: boolean;
}

const RESUME_HELP = `
Examples:
  fairlead resume --tenant acme --dry-run
  fairlead resume --channel stable --halt --reason "the failures came from one site's proxy"
  fairlead resume --channel stable --halt --restart-waves --reason "fixed on the server"`;

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
    .option("--reason <text>", "why, for the commit message")
    .option("--halt", "end the halt of what --channel points to, by the gate or by a commit")
    .option(
      "--restart-waves",
      "with --halt, begin the waves anew instead of opening all whose time came meanwhile",
    )
    .addHelpText("after", RESUME_HELP);
  withEditOptions(withAnyScope(resume)).action((options: ResumeOptions) => {
    if (options.restartWaves === true && options.halt !== true) {
      resume.error("error[edit/bad-argument]: --restart-waves goes with --halt", { exitCode: EXIT.usage });
    }
    return runEdit(resume, options, (context) =>
      options.halt === true
        ? resumeHalt(context, haltedChannel(resume, options))
        : resumeScope(context, { scope: options, reason: options.reason }),
    );
  });
};

function haltedChannel(
  resume: Command,
  { product, channel, reason, restartWaves = false, ...rest }: ResumeOptions,
): ResumeHaltRequest {
  const { fleet, tenant, site, group, device } = rest;
  const others = [fleet, tenant, site, group, device].some((scope) => scope !== undefined);
  if (channel === undefined || others) {
    return resume.error("error[edit/bad-argument]: --halt is of one channel: name it with --channel", {
      exitCode: EXIT.usage,
    });
  }
  if (reason === undefined) {
    return resume.error("error[edit/bad-argument]: --halt needs a --reason, for whoever reads it later", {
      exitCode: EXIT.usage,
    });
  }
  return { product, channel, reason, restartsWaves: restartWaves };
}
