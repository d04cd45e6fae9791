import { printable } from "../../protocol/printable.ts";
import { Agent, type AgentOptions } from "../agent.ts";
import { describeUnknownKeys } from "../config/unknown-keys.ts";
import { agentHome } from "../home/agent-home.ts";
import type { Journal } from "../life-cycle/journal.ts";
import { eventLog } from "../logs/event-log.ts";
import { LogFile } from "../logs/log-file.ts";
import { createLog, type Log, logForm } from "../output/log.ts";
import { ProgressBar } from "../output/progress-bar.ts";
import type { LocalProduct } from "../product/local-product.ts";
import { type Invocation, text } from "./agent-command.ts";
import { UsageError } from "./usage-error.ts";

/** What the commands that work on an enrolled machine have in common. */
export interface Session {
  readonly agent: Agent;
  readonly log: Log;
}

export const SESSION_OPTIONS = { home: { type: "string" }, log: { type: "string" } } as const;

/** Of the commands that are about one product, or about each. */
export const PRODUCT_OPTIONS = { product: { type: "string" } } as const;

export const PRODUCT_HELP = "  --product NAME   one product of a machine that has several";

/** The one that was named; where none was, all. */
export function chosenProducts(agent: Agent, { values }: Invocation): readonly LocalProduct[] {
  const name = text(values, "product");
  return name === undefined ? agent.products : [agent.product(name)];
}

export const HOME_HELP = `  --home DIR       where this agent keeps its config, key and trusted metadata
                   (else $FAIRLEAD_AGENT_HOME, else /var/lib/fairlead-agent for
                   root and ~/.local/state/fairlead-agent for others)
  --help           this text`;

export const SESSION_HELP = `  --log FORM       what is told on standard error: human or json
${HOME_HELP}`;

export interface SessionOptions extends Pick<AgentOptions, "reExec" | "leave" | "patience"> {
  /** A service manager reads what is told: JSON where no terminal is. */
  readonly isDaemon?: boolean;
  /** What happens goes into the log of this machine too. */
  readonly isLogged?: boolean;
}

/** @throws UsageError for an unknown form */
function openLog(
  { values }: Invocation,
  { isDaemon, isLogged }: Pick<SessionOptions, "isDaemon" | "isLogged">,
): Log {
  const asked = text(values, "log");
  const form = logForm(asked, isDaemon !== true || process.stderr.isTTY);
  if (form === undefined) {
    throw new UsageError("usage/bad-value", `--log is human or json, not \`${printable(asked ?? "")}\``);
  }
  const shown = createLog(form, (line) => process.stderr.write(`${line}\n`));
  return isLogged === true ? inBoth(shown, logFile(values)) : shown;
}

/** The log of this machine: one JSON object a line, whatever is shown; and that of Windows, where this is Windows. */
export function logFile(values: Invocation["values"]): Log {
  const file = new LogFile(agentHome(text(values, "home"), process.env).log);
  const kept = createLog("json", (line) => file.append(line));
  return process.platform === "win32" ? inBoth(kept, eventLog()) : kept;
}

function inBoth(one: Log, other: Log): Log {
  return {
    event: (...told) => {
      one.event(...told);
      other.event(...told);
    },
    refusal: (refusal) => {
      one.refusal(refusal);
      other.refusal(refusal);
    },
  };
}

/** What stands in config.yaml and is passed over. */
export function warnOfUnknownKeys({ config }: Agent, log: Log): void {
  for (const { text, help } of describeUnknownKeys(config.unknownKeys ?? [])) {
    log.event("warn", "unknown-key", `warning: ${text}; ${help}`);
  }
}

/** As `--json` prints it: of one product as it is, of several as a list. */
export function oneOrAll(answers: readonly object[]): object {
  const [first, ...others] = answers;
  return first !== undefined && others.length === 0 ? first : answers;
}

/**
 * @param options what only some commands ask of the agent
 * @throws ConfigError where this machine is not enrolled
 */
export async function openSession(
  invocation: Invocation,
  { isDaemon, isLogged, ...options }: SessionOptions = {},
): Promise<Session> {
  const log = openLog(invocation, {
    ...(isDaemon === undefined ? {} : { isDaemon }),
    ...(isLogged === undefined ? {} : { isLogged }),
  });
  let bar: ProgressBar | undefined;
  const states = new Map<string, Journal["state"]>();
  const agent = await Agent.open(agentHome(text(invocation.values, "home"), process.env), {
    ...options,
    signal: invocation.signal,
    onState: (journal, product) => {
      bar?.clear();
      bar = journal.state === "downloading" ? newBar(journal) : undefined;
      // A state is noted anew when something is counted in it: that is for the journal, and no news.
      if (states.get(product) !== journal.state) logState(log, product, journal);
      states.set(product, journal.state);
    },
    onDeltaFailed: (problem) => log.event("warn", "delta-failed", problem, {}),
    onProgress: (received, size) => bar?.update(received, size),
  });
  return { agent, log };
}

function newBar({ plan }: Exclude<Journal, { state: "idle" }>): ProgressBar | undefined {
  return process.stderr.isTTY ? new ProgressBar(process.stderr, plan.to.version) : undefined;
}

function logState(log: Log, product: string, journal: Journal): void {
  if (journal.state === "idle") return;
  const { from, to } = journal.plan;
  const fields = { product, from: from?.version ?? null, to: to.version };
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
