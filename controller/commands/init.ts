import { join } from "node:path";
import { scaffoldRepository } from "../scaffold/scaffold-repository.ts";
import type { CommandInstaller } from "./command-line.ts";

interface InitOptions {
  readonly product: string;
  readonly git: boolean;
  readonly json?: true;
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
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExamples:\n  fairlead init fleet\n  fairlead init fleet --product agent")
    .action(async (folder: string, { product, git, json }: InitOptions) => {
      const now = Math.floor(Date.now() / 1000);
      const commit = await scaffoldRepository({ folder, product, git, now });
      if (json === true) {
        const made = { folder, keys: join(folder, "keys"), ...(commit === undefined ? {} : { commit }) };
        process.stdout.write(`${JSON.stringify(made, undefined, 2)}\n`);
        return;
      }
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
