import { rollBack } from "../edit/roll-back.ts";
import type { CommandInstaller } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";

interface RollbackOptions extends EditOptions {
  readonly to: string;
  readonly product?: string;
  readonly reason: string;
}

/** `fairlead rollback` */
export const addRollbackCommand: CommandInstaller = (program) => {
  const command = program
    .command("rollback")
    .description(
      "point a channel to an earlier version and take devices on the version it leaves down with it",
    )
    .argument("<channel>", "the channel")
    .requiredOption(
      "--to <version>",
      "the version to go back to; the one it leaves must allow it (rollbackTo)",
    )
    .requiredOption("--reason <text>", "why, for whoever reads this later")
    .option("--product <name>", "the product; may be left out where there is only one");
  withEditOptions(command).action((channel: string, { product, to, reason, ...options }: RollbackOptions) =>
    runEdit(command, options, (context) => rollBack(context, { product, channel, to, reason })),
  );
};
