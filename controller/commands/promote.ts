import type { Command } from "commander";
import { type PromotionSource, promoteVersion } from "../edit/promote-version.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";
import { promoteDue } from "./promote-due.ts";

interface PromoteOptions extends EditOptions {
  readonly product?: string;
  readonly from?: string;
  readonly to?: string;
  readonly due?: boolean;
  readonly reason?: string;
}

const HELP = `
Examples:
  fairlead promote 1.4.2 --to stable --dry-run
  fairlead promote --from beta --to stable --branch --push
  fairlead promote --due --inventory fleet.ndjson --pr`;

/** `fairlead promote` */
export const addPromoteCommand: CommandInstaller = (program) => {
  const promote = program
    .command("promote")
    .description("point a channel to a version, or to what another channel points to")
    .argument("[version]", "the version to promote")
    .option("--to <channel>", "the channel that gets it")
    .option("--from <channel>", "promote what this channel points to, instead of naming a version")
    .option(
      "--reason <text>",
      "why all the same, where the version was left before or has not stood its time",
    )
    .option("--product <name>", "the product; may be left out where there is only one")
    .option(
      "--due",
      "list what `promotion` in the channels says is due; with --branch, propose each on a branch",
    )
    .addHelpText("after", HELP);
  withEditOptions(promote).action((version: string | undefined, options: PromoteOptions) => {
    const { to, product, reason } = options;
    if (options.due === true) {
      if (version !== undefined || to !== undefined || options.from !== undefined || reason !== undefined) {
        return wrongUse(promote, "--due finds versions and channels by itself");
      }
      return promoteDue(promote, options);
    }
    if (to === undefined) return wrongUse(promote, "say which channel gets it: --to <channel>");
    const source = sourceOf(promote, version, options.from);
    return runEdit(promote, options, (context) => promoteVersion(context, { product, source, to, reason }));
  });
};

function sourceOf(command: Command, version: string | undefined, from: string | undefined): PromotionSource {
  if (version !== undefined && from === undefined) return { version };
  if (version === undefined && from !== undefined) return { channel: from };
  return wrongUse(command, "name a version, or the channel that it comes from: --from <channel>");
}

function wrongUse(command: Command, message: string): never {
  return command.error(`error[edit/bad-argument]: ${message}`, { exitCode: EXIT.usage });
}
