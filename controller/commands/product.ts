import { Option } from "commander";
import { VERSION_SCHEMES } from "../../protocol/version.ts";
import { addProduct } from "../edit/add-product.ts";
import { removeProduct } from "../edit/remove-product.ts";
import type { CommandInstaller } from "./command-line.ts";
import { type EditOptions, runEdit, withEditOptions } from "./edit-command.ts";

interface AddOptions extends EditOptions {
  readonly description: string;
  readonly versionScheme?: string;
  readonly ifInstalled?: boolean;
}

interface RemoveOptions extends EditOptions {
  readonly reason: string;
  readonly owner?: string;
}

const HELP = `
Examples:
  fairlead product add viewer --description "the viewer at the gates"
  fairlead product add plugin --description "beside the viewer" --if-installed --dry-run`;

const REMOVE_HELP = `
Its channels and versions go with it. Machines that have it keep it and get no fix any more, so with --inventory it is refused
while one has it: yank its versions or pause it instead. The reason is written to \`removed\` in fleet.yaml: else
\`validate --base\` and the controller refuse it.

Example:
  fairlead product remove viewer --reason "nobody runs it any more" --inventory fleet.csv`;

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

  const remove = product
    .command("remove")
    .description("remove a product that no machine has any more")
    .argument("<name>", "the product")
    .requiredOption("--reason <text>", "why, for whoever reads this later")
    .option("--owner <who>", "who answers for it: a mail address or a team")
    .addHelpText("after", REMOVE_HELP);
  withEditOptions(remove).action((name: string, { reason, owner, ...options }: RemoveOptions) =>
    runEdit(remove, options, (context) => removeProduct(context, { product: name, reason, owner })),
  );
};
