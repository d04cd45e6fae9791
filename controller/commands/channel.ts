import type { Command } from "commander";
import { addChannel, type ChannelStart } from "../edit/add-channel.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";

interface AddOptions extends EditOptions {
  readonly product?: string;
  readonly version?: string;
  readonly from?: string;
}

const HELP = `
Examples:
  fairlead channel add nightly --version 1.5.0-rc.1
  fairlead channel add stable-1.4 --from beta --product agent --branch --push`;

/** `fairlead channel ...` */
export const addChannelCommand: CommandInstaller = (program) => {
  const channel = program.command("channel").description("the channels of a product");
  const add = channel
    .command("add")
    .description("add a channel to a product")
    .argument("<name>", "lower-case letters, digits, dashes, and dots inside, a letter first")
    .option("--version <version>", "the version that it points to")
    .option("--from <channel>", "point to what this channel points to, and follow it (`promotion.from`)")
    .option("--product <name>", "the product; may be left out where there is only one")
    .addHelpText("after", HELP);
  withEditOptions(add).action((name: string, { version, from, product, ...options }: AddOptions) => {
    const start = startOf(add, version, from);
    return runEdit(add, options, (context) => addChannel(context, { product, channel: name, start }));
  });
};

function startOf(command: Command, version: string | undefined, from: string | undefined): ChannelStart {
  if (version !== undefined && from === undefined) return { version };
  if (version === undefined && from !== undefined) return { from };
  return command.error(
    "error[edit/bad-argument]: say what it points to: --version <version>, or --from <channel>",
    { exitCode: EXIT.usage },
  );
}
