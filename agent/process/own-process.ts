import { realpathSync } from "node:fs";
import { isSea } from "node:sea";

/** The file that this process runs: a program by itself, or a script. */
export function runningProgram(): string | undefined {
  return isSea() ? process.execPath : process.argv[1];
}

/** Program and arguments that start this very agent: the single executable, or node with the script that it runs. */
export function ownCommand(): readonly string[] {
  if (isSea()) return [process.execPath];
  const [, script = ""] = process.argv;
  return [process.execPath, ...process.execArgv, realpathSync(script)];
}

/** What this process was started with, after the program. */
export function ownArguments(): readonly string[] {
  return process.argv.slice(2);
}

/** Ends this process, for another one that goes on in its place. */
export function endProcess(): never {
  process.exit();
}
