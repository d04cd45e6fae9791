import { COMMANDS } from "./commands/command-table.ts";
import { ARGV, runFairlead } from "./commands/run-fairlead.ts";

const [name = ""] = ARGV;
// Completion describes every command, so it needs them all, like help.
const isAlone = Object.hasOwn(COMMANDS, name) && name !== "completion";
const loaders = Object.entries(COMMANDS).filter(([command]) => !isAlone || command === name);
await runFairlead(await Promise.all(loaders.map(([, load]) => load())));
