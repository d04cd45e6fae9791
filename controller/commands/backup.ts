import { resolve } from "node:path";
import { backUpStateFolder } from "../state-folder/back-up.ts";
import type { CommandInstaller } from "./command-line.ts";

/** `fairlead backup` */
export const addBackupCommand: CommandInstaller = (program) => {
  program
    .command("backup")
    .description("copy what matters of a controller's state folder, also while the controller runs")
    .requiredOption("--to <dir>", "folder of the copy; it holds secrets, and only this user may read it")
    .option("--state-dir <dir>", "state folder of the controller", ".fairlead")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      `
The copy is a state folder: to restore, stop the controller and put it in the place of the other one. Run it as root or as
the user that the controller runs as, and before an upgrade: the fleet's database goes no way back by itself.

Example:
  fairlead backup --state-dir /var/lib/fairlead --to /var/backups/fairlead`,
    )
    .action(async ({ to, stateDir, json }: { to: string; stateDir: string; json?: true }) => {
      const copied = await backUpStateFolder(resolve(stateDir), resolve(to));
      process.stdout.write(
        json === true
          ? `${JSON.stringify({ to: resolve(to), copied }, undefined, 2)}\n`
          : `copied to ${resolve(to)}: ${copied.join(", ")}\n`,
      );
    });
};
