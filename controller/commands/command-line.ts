import { Command, CommanderError } from "commander";
import { DomainError } from "../../protocol/domain-error.ts";
import { toSystemError } from "../files/system-error.ts";

/** Exit codes of every command: fine; findings or a refusal; wrong use. 130 is Ctrl-C, as shells have it. */
export const EXIT = { ok: 0, refused: 1, usage: 2, interrupted: 130 } as const;

/** Adds one command to the program. Each file of `commands/` exports one. */
export type CommandInstaller = (program: Command) => void;

/**
 * Runs one command line: parses `argv`, runs the command, prints what was refused, and sets the exit code. Commands
 * set `process.exitCode` themselves for findings; everything they throw is a `DomainError`, the
 * system's error, or a defect.
 */
export async function runCommandLine(
  name: string,
  description: string,
  version: string,
  installers: readonly CommandInstaller[],
  argv: readonly string[],
): Promise<void> {
  const program = new Command(name)
    .description(description)
    .version(version)
    .showHelpAfterError(`(try: ${name} --help)`)
    // After a command's name, options are the command's own: `history --version 1.4.2`.
    .enablePositionalOptions()
    .exitOverride();
  for (const install of installers) install(program);
  for (const command of program.commands) command.exitOverride();
  // A reader that closes the pipe early (`| head`) is no failure; the command goes on.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const known = error instanceof DomainError ? error : toSystemError(error);
  if (known !== undefined) {
    process.stderr.write(`error[${known.code}]: ${known.message}\n`);
    if (known.help !== undefined) process.stderr.write(`  = help: ${known.help}\n`);
    return EXIT.refused;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`error[internal/defect]: this is a defect of Fairlead, please report it\n${detail}\n`);
  return EXIT.refused;
}
