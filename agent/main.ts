import { parseArgs } from "node:util";
import { type AgentCommand, EXIT, type Invocation, UsageError } from "./commands/agent-command.ts";

/** Each command is loaded when it is asked for: a quiet check reads little more than it runs. */
const COMMANDS: ReadonlyMap<string, { summary: string; load: () => Promise<AgentCommand> }> = new Map([
  [
    "enroll",
    {
      summary: "make this machine a device of the fleet",
      load: async () => (await import("./commands/enroll.ts")).enrollCommand,
    },
  ],
  [
    "run",
    {
      summary: "keep the product up to date: poll, decide, install, confirm",
      load: async () => (await import("./commands/run.ts")).runCommand,
    },
  ],
  [
    "update",
    {
      summary: "check now and install; --check only decides",
      load: async () => (await import("./commands/update.ts")).updateCommand,
    },
  ],
  [
    "status",
    {
      summary: "what is installed, how the last update ended, what is blocked",
      load: async () => (await import("./commands/status.ts")).statusCommand,
    },
  ],
  [
    "explain",
    {
      summary: "which rules decide about this machine",
      load: async () => (await import("./commands/explain.ts")).explainCommand,
    },
  ],
  [
    "rollback",
    {
      summary: "put the previous version back",
      load: async () => (await import("./commands/rollback.ts")).rollbackCommand,
    },
  ],
]);

function overview(): string {
  const lines = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`);
  return `fairlead-agent - keeps one product of this machine at the version that its fleet should run

USAGE
  fairlead-agent COMMAND [options]

COMMANDS
${lines.join("\n")}

  fairlead-agent COMMAND --help says more about each.
`;
}

async function main(argv: readonly string[]): Promise<number> {
  const [name = "--help", ...args] = argv;
  if (name === "--help" || name === "help" || name === "-h") {
    process.stdout.write(overview());
    return argv.length === 0 ? EXIT.usage : EXIT.ok;
  }
  const entry = COMMANDS.get(name);
  if (entry === undefined) {
    process.stderr.write(`error: there is no command \`${name}\`\n(try: fairlead-agent --help)\n`);
    return EXIT.usage;
  }
  return runCommand(name, await entry.load(), args);
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
  try {
    const values = parseValues(command, args);
    if (values.help === true) {
      process.stdout.write(command.help);
      return EXIT.ok;
    }
    const code = await command.run({ values, signal: stop.signal });
    return interrupted && code !== EXIT.ok ? EXIT.interrupted : code;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`error: ${error.message}\n(try: fairlead-agent ${name} --help)\n`);
      return EXIT.usage;
    }
    await reportRefusal(error, args);
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
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** In the form that the command was asked to log in; people get text on a pipe too unless they chose JSON. */
async function reportRefusal(error: unknown, args: readonly string[]): Promise<void> {
  const [{ refusalOf }, { createLog }] = await Promise.all([
    import("./output/refusal.ts"),
    import("./output/log.ts"),
  ]);
  const json = args.some(
    (arg, index) => arg === "--log=json" || (arg === "--log" && args[index + 1] === "json"),
  );
  createLog(json ? "json" : "human", (line) => process.stderr.write(`${line}\n`)).refusal(refusalOf(error));
}

process.exitCode = await main(process.argv.slice(2));
