import { DomainError } from "../../protocol/domain-error.ts";
import { parseDuration } from "../../protocol/duration.ts";
import { printable } from "../../protocol/printable.ts";
import { agentHome } from "../home/agent-home.ts";
import { readLog } from "../logs/read-log.ts";
import { printableJson } from "../output/printable-json.ts";
import { type AgentCommand, EXIT, type Invocation, text } from "./agent-command.ts";
import { HOME_HELP } from "./open-session.ts";
import { UsageError } from "./usage-error.ts";

/** `fairlead-agent logs [-f]` */
export const logsCommand: AgentCommand = {
  help: `fairlead-agent logs - what the agent did on this machine

USAGE
  fairlead-agent logs [-f] [--since TIME] [--lines N] [--json] [--home DIR]

DESCRIPTION
  The daemon and every command that changes something keep a log in the agent's
  home: log/agent.log and three older files of 1 MiB each, the oldest of which
  makes room. It holds what the journal of systemd has too, and is there where
  there is none.

OPTIONS
  -f, --follow     go on with what is written, until Ctrl-C; through rotations
  --since TIME     from then on: a duration such as 2h, or 2026-11-22T08:00:00Z
  --lines N        the last N lines of what is there
  --json           each line as it stands in the file, one JSON object
${HOME_HELP}

EXAMPLES
  fairlead-agent logs --since 1d
  fairlead-agent logs -f --json | jq 'select(.level == "error")'

EXIT CODES
  0  printed, also where there is nothing    1  refused    2  wrong use
`,
  options: {
    follow: { type: "boolean", short: "f" },
    since: { type: "string" },
    lines: { type: "string" },
    json: { type: "boolean" },
    home: { type: "string" },
  },
  async run({ values, signal }) {
    const since = sinceOf(values);
    const most = linesOf(values);
    const isJson = values.json === true;
    const { log } = agentHome(text(values, "home"), process.env);
    const print = (line: Line): void => {
      process.stdout.write(`${isJson ? line.json : line.text}\n`);
    };
    let kept: Line[] | undefined = [];
    const caughtUp = (): void => {
      for (const line of kept ?? []) print(line);
      kept = undefined;
    };
    for await (const written of readLog(log, caughtUp, values.follow === true ? signal : undefined)) {
      const line = readLine(written);
      if (line === undefined || line.at < since) continue;
      if (kept === undefined) {
        print(line);
        continue;
      }
      kept.push(line);
      if (kept.length > most) kept.shift();
    }
    return EXIT.ok;
  },
};

/** One line of the log. */
interface Line {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
  readonly json: string;
}

/** @returns `undefined` for what no agent wrote, or what a power cut left of it */
function readLine(written: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(written);
    if (typeof value !== "object" || value === null || !("time" in value)) return undefined;
    const at = Date.parse(String(value.time));
    if (Number.isNaN(at)) return undefined;
    const { level, product, id, message, help } = {
      level: "",
      product: "",
      id: "",
      message: "",
      help: "",
      ...value,
    };
    const where = product === "" ? "" : `${product}: `;
    const what = id === "" ? message : `error[${id}]: ${message}${help === "" ? "" : ` (${help})`}`;
    const time = new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
    return {
      at,
      text: printable(`${time} ${String(level).padEnd(5)} ${where}${what}`, 4000),
      json: printableJson(value),
    };
  } catch {
    return undefined;
  }
}

function linesOf(values: Invocation["values"]): number {
  const given = text(values, "lines");
  if (given === undefined) return Number.POSITIVE_INFINITY;
  if (/^[1-9][0-9]{0,6}$/.test(given)) return Number(given);
  throw new UsageError("usage/bad-value", `--lines: \`${given}\` is not a number of lines`, {
    help: "give a whole number from 1",
  });
}

/** @returns milliseconds since 1970 */
function sinceOf(values: Invocation["values"]): number {
  const given = text(values, "since");
  if (given === undefined) return Number.NEGATIVE_INFINITY;
  const time = /^\d{4}-\d\d-\d\d/.test(given) ? Date.parse(given) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  try {
    return Date.now() - parseDuration(given) * 1000;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new UsageError("usage/bad-value", `--since: \`${given}\` is neither a duration nor a time`, {
      help: "write 2h, 1d, or 2026-11-22T08:00:00Z",
    });
  }
}
