import packageJson from "../package.json" with { type: "json" };
import { runCommandLine } from "./commands/command-line.ts";
import { COMMANDS } from "./commands/command-table.ts";

const argv = process.argv.slice(2);
const [name = ""] = argv;
// Completion describes every command, so it needs them all, like help.
const isAlone = Object.hasOwn(COMMANDS, name) && name !== "completion";
const loaders = Object.entries(COMMANDS).filter(([command]) => !isAlone || command === name);
const installers = await Promise.all(loaders.map(([, load]) => load()));
await runCommandLine(
  "fairlead",
  "Release controller for agent fleets: state in git, a signed manifest, agents that prove a version healthy.",
  packageJson.version,
  installers,
  argv,
);
