import type { AgentCommand } from "./agent-command.ts";

interface CommandEntry {
  /** One line for the overview. */
  readonly summary: string;
  /** Each command is loaded when it is asked for: a quiet check reads little more than it runs. */
  readonly load: () => Promise<AgentCommand>;
}

export const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map([
  [
    "enroll",
    {
      summary: "make this machine a device of the fleet",
      load: async () => (await import("./enroll.ts")).enrollCommand,
    },
  ],
  [
    "run",
    {
      summary: "keep the product up to date: poll, decide, install, confirm",
      load: async () => (await import("./run.ts")).runCommand,
    },
  ],
  [
    "update",
    {
      summary: "check now and install; --check only decides",
      load: async () => (await import("./update.ts")).updateCommand,
    },
  ],
  [
    "status",
    {
      summary: "what is installed, how the last update ended, what the controller knows",
      load: async () => (await import("./status.ts")).statusCommand,
    },
  ],
  [
    "explain",
    {
      summary: "which rules decide about this machine",
      load: async () => (await import("./explain.ts")).explainCommand,
    },
  ],
  [
    "facts",
    {
      summary: "what this machine is, as versions may require it",
      load: async () => (await import("./facts.ts")).factsCommand,
    },
  ],
  [
    "resume",
    {
      summary: "end what an interrupted update left half-done",
      load: async () => (await import("./resume.ts")).resumeCommand,
    },
  ],
  [
    "rollback",
    {
      summary: "put the previous version back",
      load: async () => (await import("./rollback.ts")).rollbackCommand,
    },
  ],
  [
    "logs",
    {
      summary: "what the agent did here; -f goes on",
      load: async () => (await import("./logs.ts")).logsCommand,
    },
  ],
  [
    "doctor",
    {
      summary: "what on this machine stands in the way of updates",
      load: async () => (await import("./doctor.ts")).doctorCommand,
    },
  ],
  [
    "service",
    {
      summary: "have the machine start the agent: install, remove, show",
      load: async () => (await import("./service.ts")).serviceCommand,
    },
  ],
  [
    "helper",
    {
      summary: "install signed versions for an agent that runs without rights",
      load: async () => (await import("./helper.ts")).helperCommand,
    },
  ],
  [
    "unenroll",
    {
      summary: "take the agent off this machine without a trace",
      load: async () => (await import("./unenroll.ts")).unenrollCommand,
    },
  ],
  [
    "completion",
    {
      summary: "a completion script for bash, zsh or fish",
      load: async () => (await import("./completion.ts")).completionCommand,
    },
  ],
]);

/** What `fairlead-agent --help` prints. */
export function overview(): string {
  const lines = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return `fairlead-agent - keeps programs of this machine at the versions that its fleet should run

USAGE
  fairlead-agent COMMAND [options]

COMMANDS
${lines.join("\n")}

  fairlead-agent help COMMAND says more about each.

OPTIONS
  -h, --help       this text
  --version        the version of this agent
`;
}
