import { resolve } from "node:path";
import { acceptCommit, acceptedCommitFile } from "../reconcile/accepted-commit.ts";
import type { CommandInstaller } from "./command-line.ts";

export const addAcceptCommand: CommandInstaller = (program) => {
  program
    .command("accept")
    .description("release a commit that is held because it does not descend from the one that is served")
    .argument("<commit>", "full id of the held commit, as `fairlead status` shows it")
    .option("--state-dir <dir>", "state folder of the controller", ".fairlead")
    .action(async (commit: string, options: { stateDir: string }) => {
      const stateDirectory = resolve(options.stateDir);
      await acceptCommit(stateDirectory, commit);
      process.stdout.write(`accepted ${commit} in ${acceptedCommitFile(stateDirectory)}\n`);
    });
};
