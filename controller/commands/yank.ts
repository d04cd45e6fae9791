import { unyankVersion, type YankRequest, yankVersion } from "../edit/yank-version.ts";
import type { CommandInstaller } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";

interface YankOptions extends EditOptions {
  readonly product?: string;
  readonly reason: string;
  readonly platform?: readonly string[];
}

function collect(platform: string, before: readonly string[] = []): readonly string[] {
  return [...before, platform];
}

function requestOf(version: string, { product, reason, platform }: YankOptions): YankRequest {
  return { product, version, reason, ...(platform === undefined ? {} : { platforms: platform }) };
}

const HELP = `
Examples:
  fairlead yank 1.4.2 --reason "loses reports"
  fairlead yank 1.4.2 --platform linux-arm64 --reason "crashes on ARM" --branch --push`;

/** `fairlead yank` */
export const addYankCommand: CommandInstaller = (program) => {
  const yank = program
    .command("yank")
    .description(
      "take a version back: nobody is offered it any more, or no machine of some platforms, and channels fall back",
    )
    .argument("<version>", "the version to yank")
    .requiredOption("--reason <text>", "why, for whoever reads this later")
    .option("--platform <name>", "for this platform alone; once for each", collect)
    .option("--product <name>", "the product; may be left out where there is only one")
    .addHelpText("after", HELP);
  withEditOptions(yank).action((version: string, options: YankOptions) =>
    runEdit(yank, options, (context) => yankVersion(context, requestOf(version, options))),
  );
};

/** `fairlead unyank` */
export const addUnyankCommand: CommandInstaller = (program) => {
  const unyank = program
    .command("unyank")
    .description("make a yanked version active again")
    .argument("<version>", "the version that was yanked")
    .requiredOption("--reason <text>", "why it is good after all")
    .option("--platform <name>", "for this platform alone; once for each", collect)
    .option("--product <name>", "the product; may be left out where there is only one");
  withEditOptions(unyank).action((version: string, options: YankOptions) =>
    runEdit(unyank, options, (context) => unyankVersion(context, requestOf(version, options))),
  );
};
