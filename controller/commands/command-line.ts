import { Command, CommanderError } from "commander";
import { jsonOfRefusal, refusalOf, textOfRefusal, usageRefusal } from "./refusal.ts";

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
    // After a command's name, options are the command's own: `history --version 1.4.2`.
    .enablePositionalOptions()
    .exitOverride();
  for (const install of installers) install(program);
  const isJson = asksForJson(argv);
  tellMistakes(program, name, isJson);
  // A reader that closes the pipe early (`| head`) is no failure; the command goes on.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      if (isJson && error.exitCode !== 0) process.stdout.write(jsonOfRefusal(usageRefusal(error)));
      return;
    }
    const refusal = refusalOf(error);
    if (isJson) process.stdout.write(jsonOfRefusal(refusal));
    else process.stderr.write(textOfRefusal(refusal));
    process.exitCode = EXIT.refused;
  }
}

/** Whether the answer is for a program: then an error is one too, on standard output, where the answer would have been. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const options = end === -1 ? argv : argv.slice(0, end);
  return options.some(
    (word, index) =>
      word === "--json" || word === "--format=json" || (word === "--format" && options[index + 1] === "json"),
  );
}

/** Each command's mistakes name its own help. For a program they are told once, when the command line has ended. */
function tellMistakes(command: Command, path: string, isJson: boolean): void {
  command.exitOverride();
  command.configureOutput({
    outputError: (text, write) => {
      if (!isJson) write(`${text}(try: ${path} --help)\n`);
    },
  });
  for (const inner of command.commands) tellMistakes(inner, `${path} ${inner.name()}`, isJson);
}
