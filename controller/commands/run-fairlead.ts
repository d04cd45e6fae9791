import packageJson from "../../package.json" with { type: "json" };
import { type CommandInstaller, runCommandLine } from "./command-line.ts";

/** The words of a command line, without the program's own name. */
export const ARGV: readonly string[] = process.argv.slice(2);

/** Runs `fairlead` with these commands, as it was called. */
export async function runFairlead(installers: readonly CommandInstaller[]): Promise<void> {
  await runCommandLine(
    "fairlead",
    "Release controller for agent fleets: state in git, a signed manifest, agents that prove a version healthy.",
    packageJson.version,
    installers,
    ARGV,
  );
}
