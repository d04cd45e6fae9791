import type { ParseArgsOptionsConfig } from "node:util";
import { UsageError } from "./usage-error.ts";

/** Exit codes of every command: fine; findings or a refusal; wrong use. 130 is Ctrl-C, as shells have it. */
export const EXIT = { ok: 0, refused: 1, usage: 2, interrupted: 130 } as const;

/** What a command was called with. */
export interface Invocation {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  /** What stands beside the options: one of the command's `words`, where it takes one. */
  readonly words: readonly string[];
  /** Ends at Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/** One command of `fairlead-agent`. */
export interface AgentCommand {
  /** The whole help text, like a man page: synopsis, description, options, exit codes. */
  readonly help: string;
  readonly options: ParseArgsOptionsConfig;
  /** What it is to do, where it does several things: one of them has to be given. */
  readonly words?: readonly string[];
  /** What it does goes into the log of this machine, refusals too. */
  readonly isLogged?: true;
  /** Its log is for a service manager: JSON where no terminal is. Others speak to whoever called them. */
  readonly isDaemon?: true;
  /** @returns the exit code */
  run(invocation: Invocation): Promise<number>;
}

export function text(values: Invocation["values"], name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

export function requiredText(values: Invocation["values"], name: string): string {
  const value = text(values, name);
  if (value === undefined || value === "")
    throw new UsageError("usage/missing-option", `--${name} is required`);
  return value;
}
