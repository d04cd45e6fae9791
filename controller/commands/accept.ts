import { resolve } from "node:path";
import { acceptHeldCommit } from "../reconcile/accepted-commit.ts";
import type { CommandInstaller } from "./command-line.ts";

export const addAcceptCommand: CommandInstaller = (program) => {
  program
    .command("accept")
    .description("release a commit that is held because it does not descend from the one that is served")
    .addHelpText(
      "after",
      `
It counts once, from what is served now, and lapses when anything else is served. Run it as root or as the user that
the controller runs as.`,
    )
    .argument("<commit>", "full id of the held commit, as `fairlead status` shows it")
    .option("--state-dir <dir>", "state folder of the controller", ".fairlead")
    .option("--json", "print as JSON")
    .action((commit: string, options: { stateDir: string; json?: true }) => {
      const stateDirectory = resolve(options.stateDir);
      const { servedCommit } = acceptHeldCommit(stateDirectory, commit);
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ accepted: commit, servedCommit }, undefined, 2)}\n`
          : `accepted: ${commit} may take the place of ${servedCommit}, once\n`,
      );
    });
};
