import { Agent } from "../agent.ts";
import { agentHome } from "../home/agent-home.ts";
import type { Journal } from "../life-cycle/journal.ts";
import { createLog, type Log, logForm } from "../output/log.ts";
import { ProgressBar } from "../output/progress-bar.ts";
import { type Invocation, text } from "./agent-command.ts";
import { UsageError } from "./usage-error.ts";

/** What the commands that work on an enrolled machine have in common. */
export interface Session {
  readonly agent: Agent;
  readonly log: Log;
}

export const SESSION_OPTIONS = { home: { type: "string" }, log: { type: "string" } } as const;

export const SESSION_HELP = `  --home DIR       where this agent keeps its config, key and trusted metadata
                   (else $FAIRLEAD_AGENT_HOME, else /var/lib/fairlead-agent for
                   root and ~/.local/state/fairlead-agent for others)
  --log FORM       human or json (default: human on a terminal, else json)
  --help           this text`;

/** @throws UsageError for an unknown form */
function openLog({ values }: Invocation): Log {
  const asked = text(values, "log");
  const form = logForm(asked, process.stderr.isTTY);
  if (form === undefined) throw new UsageError("usage/bad-value", `--log is human or json, not \`${asked}\``);
  return createLog(form, (line) => process.stderr.write(`${line}\n`));
}

/** @throws ConfigError where this machine is not enrolled */
export async function openSession(invocation: Invocation): Promise<Session> {
  const log = openLog(invocation);
  let bar: ProgressBar | undefined;
  const agent = await Agent.open(agentHome(text(invocation.values, "home"), process.env), {
    signal: invocation.signal,
    onState: (journal) => {
      bar?.clear();
      bar = journal.state === "downloading" ? newBar(journal) : undefined;
      logState(log, journal);
    },
    onDeltaFailed: (problem) => log.event("warn", "delta-failed", problem, {}),
    onProgress: (received, size) => bar?.update(received, size),
  });
  return { agent, log };
}

function newBar({ plan }: Exclude<Journal, { state: "idle" }>): ProgressBar | undefined {
  return process.stderr.isTTY ? new ProgressBar(process.stderr, plan.to.version) : undefined;
}

function logState(log: Log, journal: Journal): void {
  if (journal.state === "idle") return;
  const { from, to } = journal.plan;
  const fields = { from: from?.version ?? null, to: to.version };
  switch (journal.state) {
    case "rolling-back":
    case "rolled-back":
    case "not-restored":
      log.event("error", journal.state, `${to.version} ${journal.state}: ${journal.reason}`, {
        ...fields,
        reason: journal.reason,
      });
      return;
    default:
      log.event("info", journal.state, `${to.version} ${journal.state}`, fields);
  }
}
