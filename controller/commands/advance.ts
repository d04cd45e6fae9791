import type { Command } from "commander";
import { advanceWaves } from "../edit/advance-waves.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";

interface AdvanceOptions extends EditOptions {
  readonly product?: string;
  readonly all?: boolean;
  readonly waves?: string;
}

const HELP = `
For channels with \`rollout.advance: manual\` or \`healthy\`. An open wave still waits for its own time.

Examples:
  fairlead advance stable --dry-run
  fairlead advance stable --waves 3 --branch --push
  fairlead advance stable --all`;

/** `fairlead advance` */
export const addAdvanceCommand: CommandInstaller = (program) => {
  const advance = program
    .command("advance")
    .description("open the next wave of what a channel points to")
    .argument("<channel>", "the channel")
    .option("--all", "open all of its waves")
    .option("--waves <number>", "how many waves are open then, counted from the first")
    .option("--product <name>", "the product; may be left out where there is only one")
    .addHelpText("after", HELP);
  withEditOptions(advance).action((channel: string, { product, all, waves, ...options }: AdvanceOptions) => {
    const wanted = all === true ? "all" : waves === undefined ? undefined : wholeNumber(advance, waves);
    if (all === true && waves !== undefined) wrongUse(advance, "--all and --waves exclude each other");
    return runEdit(advance, options, (context) => advanceWaves(context, { product, channel, waves: wanted }));
  });
};

function wholeNumber(command: Command, text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) wrongUse(command, `--waves expects a number from 1 on, got \`${text}\``);
  return Number(text);
}

function wrongUse(command: Command, message: string): never {
  return command.error(`error[edit/bad-argument]: ${message}`, { exitCode: EXIT.usage });
}
