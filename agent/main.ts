import { parseArgs } from "node:util";
import { type AgentCommand, EXIT, type Invocation, text } from "./commands/agent-command.ts";
import { COMMANDS, overview } from "./commands/command-table.ts";
import { UsageError } from "./commands/usage-error.ts";

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  switch (name) {
    case undefined:
      process.stderr.write(overview());
      return EXIT.usage;
    case "--help":
    case "-h":
      process.stdout.write(overview());
      return EXIT.ok;
    case "help":
      return help(args[0]);
    case "--version":
      process.stdout.write(`${(await import("./agent-version.ts")).AGENT_VERSION}\n`);
      return EXIT.ok;
    default: {
      const entry = COMMANDS.get(name);
      return entry === undefined ? refuseName(name) : runCommand(name, await entry.load(), args);
    }
  }
}

async function help(name: string | undefined): Promise<number> {
  const entry = name === undefined ? undefined : COMMANDS.get(name);
  if (name !== undefined && entry === undefined) return refuseName(name);
  process.stdout.write(entry === undefined ? overview() : (await entry.load()).help);
  return EXIT.ok;
}

async function refuseName(name: string): Promise<number> {
  const { nearestWord } = await import("./output/nearest-word.ts");
  const nearest = nearestWord(name, COMMANDS.keys());
  const help = nearest === undefined ? "see `fairlead-agent --help`" : `did you mean \`${nearest}\`?`;
  return refuseUsage(new UsageError("usage/unknown-command", `there is no command \`${name}\``, { help }));
}

/** Wrong use is told in words, whatever form the log has: whoever typed it reads it. To a program it is told as every error. */
async function refuseUsage(error: UsageError, help?: string): Promise<number> {
  const { formatRefusal, refusalOf } = await import("./output/refusal.ts");
  const refusal = { ...(help === undefined ? {} : { help }), ...refusalOf(error) };
  if (process.argv.includes("--json")) {
    const { printableJson } = await import("./output/printable-json.ts");
    process.stdout.write(`${printableJson({ error: refusal }, 2)}\n`);
  } else {
    process.stderr.write(`${formatRefusal(refusal)}\n`);
  }
  return EXIT.usage;
}

async function runCommand(name: string, command: AgentCommand, args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  let interrupted = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    // A second one means it.
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    interrupted = signal === "SIGINT";
    stop.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  let values: Invocation["values"] = {};
  try {
    const parsed = parseCommandLine(command, args);
    values = parsed.values;
    if (values.help === true) {
      process.stdout.write(command.help);
      return EXIT.ok;
    }
    requireWord(name, command, parsed.words);
    const code = await command.run({ ...parsed, signal: stop.signal });
    return interrupted && code !== EXIT.ok ? EXIT.interrupted : code;
  } catch (error) {
    if (error instanceof UsageError) {
      return await refuseUsage(await withNearest(error, command), `see \`fairlead-agent ${name} --help\``);
    }
    await reportRefusal(error, command, values);
    return interrupted ? EXIT.interrupted : EXIT.refused;
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

function parseCommandLine(
  command: AgentCommand,
  args: readonly string[],
): Pick<Invocation, "values" | "words"> {
  try {
    const options = { ...command.options, help: { type: "boolean", short: "h" } } as const;
    const allowPositionals = command.words !== undefined;
    const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals });
    return { values: values as Invocation["values"], words: positionals };
  } catch (error) {
    const [said = ""] = (error instanceof Error ? error.message : String(error)).split(/[.\n]/);
    const lacksValue =
      error instanceof Error && "code" in error && error.code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE";
    const code = lacksValue ? "usage/bad-value" : "usage/unknown-option";
    throw new UsageError(code, said.charAt(0).toLowerCase() + said.slice(1));
  }
}

/** A command that does several things has to be told which, by one word. */
function requireWord(name: string, { words: known }: AgentCommand, words: readonly string[]): void {
  if (known === undefined) return;
  const [word, unexpected] = words;
  if (word === undefined) {
    throw new UsageError("usage/missing-option", `\`${name}\` wants to know what: ${known.join(", ")}`);
  }
  if (!known.includes(word)) {
    throw new UsageError("usage/bad-value", `\`${name}\` knows no \`${word}\``, {
      help: `it is one of ${known.join(", ")}`,
    });
  }
  if (unexpected === undefined) return;
  throw new UsageError("usage/unknown-option", `unexpected argument '${unexpected}'`);
}

/** What was probably meant, beside an option that the command does not have. */
async function withNearest(error: UsageError, { options }: AgentCommand): Promise<UsageError> {
  const [, asked] = /^unknown option '--([^'=]+)/.exec(error.message) ?? [];
  if (asked === undefined || error.help !== undefined) return error;
  const { nearestWord } = await import("./output/nearest-word.ts");
  const nearest = nearestWord(asked, Object.keys(options));
  if (nearest === undefined) return error;
  return new UsageError(error.code, error.message, { help: `did you mean \`--${nearest}\`?` });
}

/**
 * Once: to whoever asked for JSON as JSON where the answer would have been, else to standard error, for people unless
 * the log is for a program. What changes the machine notes it in its log too.
 */
async function reportRefusal(
  error: unknown,
  { isDaemon, isLogged }: AgentCommand,
  values: Invocation["values"],
): Promise<void> {
  const [{ refusalOf }, { createLog, logForm }, { printableJson }] = await Promise.all([
    import("./output/refusal.ts"),
    import("./output/log.ts"),
    import("./output/printable-json.ts"),
  ]);
  const refusal = refusalOf(error);
  if (isLogged) {
    const { logFile } = await import("./commands/open-session.ts");
    logFile(values).refusal(refusal);
  }
  if (values.json === true && isDaemon === undefined) {
    process.stdout.write(`${printableJson({ error: refusal }, 2)}\n`);
    return;
  }
  const form = logForm(text(values, "log"), process.stderr.isTTY || isDaemon === undefined) ?? "human";
  createLog(form, (line) => process.stderr.write(`${line}\n`)).refusal(refusal);
}

// No top-level await: the single executable is CommonJS, which has none. What never ends has failed.
process.exitCode = EXIT.refused;
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
