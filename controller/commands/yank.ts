import { unyankVersion, yankVersion } from "../edit/yank-version.ts";
import type { CommandInstaller } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";

interface YankOptions extends EditOptions {
  readonly product?: string;
  readonly reason: string;
}

/** `fairlead yank` */
export const addYankCommand: CommandInstaller = (program) => {
  const yank = program
    .command("yank")
    .description(
      "take a version back: nobody is offered it any more, and channels fall back to what they had before",
    )
    .argument("<version>", "the version to yank")
    .requiredOption("--reason <text>", "why, for whoever reads this later")
    .option("--product <name>", "the product; may be left out where there is only one");
  withEditOptions(yank).action((version: string, options: YankOptions) =>
    runEdit(yank, options, (context) =>
      yankVersion(context, { product: options.product, version, reason: options.reason }),
    ),
  );
};

/** `fairlead unyank` */
export const addUnyankCommand: CommandInstaller = (program) => {
  const unyank = program
    .command("unyank")
    .description("make a yanked version active again")
    .argument("<version>", "the version that was yanked")
    .requiredOption("--reason <text>", "why it is good after all")
    .option("--product <name>", "the product; may be left out where there is only one");
  withEditOptions(unyank).action((version: string, options: YankOptions) =>
    runEdit(unyank, options, (context) =>
      unyankVersion(context, { product: options.product, version, reason: options.reason }),
    ),
  );
};
