import { Option } from "commander";
import { VERSION_SCHEMES } from "../../protocol/version.ts";
import { addProduct } from "../edit/add-product.ts";
import type { CommandInstaller } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";

interface AddOptions extends EditOptions {
  readonly description: string;
  readonly versionScheme?: string;
  readonly ifInstalled?: boolean;
}

const HELP = `
Examples:
  fairlead product add viewer --description "the viewer at the gates"
  fairlead product add plugin --description "beside the viewer" --if-installed --dry-run`;

/** `fairlead product ...` */
export const addProductCommand: CommandInstaller = (program) => {
  const product = program.command("product").description("the products of a fleet");
  const add = product
    .command("add")
    .description("add a product, before its first release")
    .argument("<name>", "lower-case letters, digits and dashes, a letter first")
    .requiredOption("--description <text>", "one line for people: what it is")
    .addOption(
      new Option("--version-scheme <scheme>", "how versions are compared; semver when absent").choices(
        VERSION_SCHEMES,
      ),
    )
    .option("--if-installed", "a companion: updated only where it is present already")
    .addHelpText("after", HELP);
  withEditOptions(add).action((name: string, options: AddOptions) => {
    const { description, versionScheme, ifInstalled, ...rest } = options;
    return runEdit(add, rest, (context) =>
      addProduct(context, { product: name, description, versionScheme, ifInstalled }),
    );
  });
};
