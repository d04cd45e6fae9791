import type { Command } from "commander";
import { addChannel, type ChannelStart } from "../edit/add-channel.ts";
import { removeChannel } from "../edit/remove-channel.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";

interface AddOptions extends EditOptions {
  readonly product?: string;
  readonly version?: string;
  readonly from?: string;
}

interface RemoveOptions extends EditOptions {
  readonly product?: string;
  readonly reason: string;
  readonly owner?: string;
}

const HELP = `
Examples:
  fairlead channel add nightly --version 1.5.0-rc.1
  fairlead channel add stable-1.4 --from beta --product agent --branch --push`;

const REMOVE_HELP = `
Refused while somebody follows it: in state, or with --inventory by a choice of a machine's own. The reason is written to
\`removed\` in fleet.yaml: else \`validate --base\` and the controller refuse it.

Example:
  fairlead channel remove nightly --reason "nobody tests by it any more" --inventory fleet.csv`;

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

  const remove = channel
    .command("remove")
    .description("remove a channel that nobody follows any more")
    .argument("<name>", "the channel")
    .requiredOption("--reason <text>", "why, for whoever reads this later")
    .option("--owner <who>", "who answers for it: a mail address or a team")
    .option("--product <name>", "the product; may be left out where there is only one")
    .addHelpText("after", REMOVE_HELP);
  withEditOptions(remove).action((name: string, { product, reason, owner, ...options }: RemoveOptions) =>
    runEdit(remove, options, (context) => removeChannel(context, { product, channel: name, reason, owner })),
  );
};

function startOf(command: Command, version: string | undefined, from: string | undefined): ChannelStart {
  if (version !== undefined && from === undefined) return { version };
  if (version === undefined && from !== undefined) return { from };
  return command.error(
    "error[edit/bad-argument]: say what it points to: --version <version>, or --from <channel>",
    { exitCode: EXIT.usage },
  );
}
