import { realpathSync } from "node:fs";
import { isSea } from "node:sea";

/** Program and arguments that start this very agent: the single executable, or node with the script that it runs. */
export function ownCommand(): readonly string[] {
  if (isSea()) return [process.execPath];
  const [, script = ""] = process.argv;
  return [process.execPath, ...process.execArgv, realpathSync(script)];
}
