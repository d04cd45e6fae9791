import { join } from "node:path";
import { scaffoldRepository } from "../scaffold/scaffold-repository.ts";
import type { CommandInstaller } from "./command-line.ts";

interface InitOptions {
  readonly product: string;
  readonly git: boolean;
}

/** `fairlead init` */
export const addInitCommand: CommandInstaller = (program) => {
  program
    .command("init")
    .description(
      "make a state repository: an example fleet, editor schemas, CI and keys, all valid and committed",
    )
    .argument("<dir>", "the folder to make; missing or empty")
    .option("--product <name>", "name of the example product", "hello")
    .option("--no-git", "only write the files")
    .addHelpText("after", "\nExamples:\n  fairlead init fleet\n  fairlead init fleet --product agent")
    .action(async (folder: string, { product, git }: InitOptions) => {
      const now = Math.floor(Date.now() / 1000);
      const commit = await scaffoldRepository({ folder, product, git, now });
      const lines = [
        commit === undefined ? `made ${folder}` : `made ${folder}, commit ${commit.slice(0, 12)} on main`,
        `private keys are in ${join(folder, "keys")}, on this machine only`,
        "",
        "try:",
        `  cd ${folder}`,
        "  fairlead validate",
        "  fairlead promote 1.1.0 --to stable --dry-run",
        "  fairlead serve",
      ];
      process.stdout.write(`${lines.join("\n")}\n`);
    });
};
