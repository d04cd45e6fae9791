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
  const { nearestCommand } = await import("./commands/nearest-command.ts");
  const nearest = nearestCommand(name, COMMANDS.keys());
  const help = nearest === undefined ? "see `fairlead-agent --help`" : `did you mean \`${nearest}\`?`;
  return refuseUsage(new UsageError("usage/unknown-command", `there is no command \`${name}\``, { help }));
}

/** Wrong use is always told in words: whoever typed it reads it, not a log. */
async function refuseUsage(error: UsageError, help?: string): Promise<number> {
  const { formatRefusal, refusalOf } = await import("./output/refusal.ts");
  process.stderr.write(
    `${formatRefusal({ ...(help === undefined ? {} : { help }), ...refusalOf(error) })}\n`,
  );
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
    values = parseValues(command, args);
    if (values.help === true) {
      process.stdout.write(command.help);
      return EXIT.ok;
    }
    const code = await command.run({ values, signal: stop.signal });
    return interrupted && code !== EXIT.ok ? EXIT.interrupted : code;
  } catch (error) {
    if (error instanceof UsageError) return await refuseUsage(error, `see \`fairlead-agent ${name} --help\``);
    await reportRefusal(error, values);
    return interrupted ? EXIT.interrupted : EXIT.refused;
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

function parseValues(command: AgentCommand, args: readonly string[]): Invocation["values"] {
  try {
    const options = { ...command.options, help: { type: "boolean", short: "h" } } as const;
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
    return values as Invocation["values"];
  } catch (error) {
    const [said = ""] = (error instanceof Error ? error.message : String(error)).split(/[.\n]/);
    const lacksValue =
      error instanceof Error && "code" in error && error.code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE";
    const code = lacksValue ? "usage/bad-value" : "usage/unknown-option";
    throw new UsageError(code, said.charAt(0).toLowerCase() + said.slice(1));
  }
}

/**
 * To the log in its form. Where that is JSON for a program, people who read the output (in CI, say) get the refusal in
 * their own form too, on standard output; unless that is to be JSON as well.
 */
async function reportRefusal(error: unknown, values: Invocation["values"]): Promise<void> {
  const [{ formatRefusal, refusalOf }, { createLog, logForm }] = await Promise.all([
    import("./output/refusal.ts"),
    import("./output/log.ts"),
  ]);
  const refusal = refusalOf(error);
  const form = logForm(text(values, "log"), process.stderr.isTTY) ?? "human";
  createLog(form, (line) => process.stderr.write(`${line}\n`)).refusal(refusal);
  if (form === "json" && values.json !== true) process.stdout.write(`${formatRefusal(refusal)}\n`);
}

// No top-level await: the single executable is CommonJS, which has none. What never ends has failed.
process.exitCode = EXIT.refused;
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
