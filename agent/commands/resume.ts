import { parseDuration } from "../../protocol/duration.ts";
import { printable } from "../../protocol/printable.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import type { InstallOutcome } from "../life-cycle/installation.ts";
import { type AgentCommand, EXIT, text } from "./agent-command.ts";
import { describeOutcome, outcomeJson } from "./describe-outcome.ts";
import {
  chosenProducts,
  oneOrAll,
  openSession,
  PRODUCT_HELP,
  PRODUCT_OPTIONS,
  SESSION_HELP,
  SESSION_OPTIONS,
} from "./open-session.ts";
import { reportNow } from "./report-now.ts";
import { UsageError } from "./usage-error.ts";

/** `fairlead-agent resume [--json]` */
export const resumeCommand: AgentCommand = {
  help: `fairlead-agent resume - end what an interrupted update left half-done

USAGE
  fairlead-agent resume [--product NAME] [--wait TIME] [--json] [--home DIR] [--log FORM]

DESCRIPTION
  Where a kill, a crash or a power cut interrupted an installation, confirms the
  new version or puts the previous one back. Checks for nothing new. \`run\` and
  \`update\` do this first by themselves.

  For a program that updates itself without a daemon beside it: a new version that
  dies before it has confirmed itself is put back. Call this before each start of
  the program, from its unit or its start script, or every minute from cron.

EXAMPLES
  In a unit of systemd: ExecStartPre=-/usr/bin/fairlead-agent resume
  In a crontab:         * * * * * fairlead-agent resume --home /var/lib/lantern

OPTIONS
  --wait TIME      for another updater that is at work, such as 2m; else refused at once
  --json           how it ended, as JSON
${PRODUCT_HELP}
${SESSION_HELP}

EXIT CODES
  0  nothing was left half-done, or the new version is confirmed
  1  the previous version is back, or the new one has time left to confirm itself
  2  wrong use
`,
  options: {
    ...{ ...SESSION_OPTIONS, ...PRODUCT_OPTIONS, wait: { type: "string" }, json: { type: "boolean" } },
  },
  isLogged: true,
  async run(invocation) {
    const wait = text(invocation.values, "wait");
    const session = await openSession(invocation, {
      isLogged: true,
      ...(wait === undefined ? {} : { patience: waitSeconds(wait) }),
    });
    const ended: Ended[] = [];
    let failure: unknown;
    for (const product of chosenProducts(session.agent, invocation)) {
      try {
        ended.push({ product: product.name, outcome: await product.resume() });
      } catch (error) {
        // The others are brought to their end all the same.
        failure ??= error;
      }
    }
    if (ended.some(({ outcome }) => outcome !== undefined)) await reportNow(session, invocation.signal);
    if (ended.length > 0) process.stdout.write(`${describe(ended, invocation.values.json === true)}\n`);
    if (failure !== undefined) throw failure;
    return ended.every(({ outcome }) => (outcome?.outcome ?? "confirmed") === "confirmed")
      ? EXIT.ok
      : EXIT.refused;
  },
};

/** @throws UsageError */
function waitSeconds(given: string): number {
  try {
    return parseDuration(given);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new UsageError("usage/bad-value", `--wait: \`${printable(given)}\` is not a duration`, {
      help: "such as 30s or 2m",
    });
  }
}

/** How it ended for one product; `undefined`: there was nothing to end. */
interface Ended {
  readonly product: string;
  readonly outcome: InstallOutcome | undefined;
}

function describe(ended: readonly Ended[], isJson: boolean): string {
  if (isJson) {
    return JSON.stringify(oneOrAll(ended.map(({ outcome }) => asJson(outcome))), null, 2);
  }
  const lines = ended.flatMap(({ product, outcome }) =>
    outcome === undefined ? [] : [describeOutcome(product, outcome)],
  );
  return lines.length === 0 ? "nothing was left half-done" : lines.join("\n");
}

function asJson(outcome: InstallOutcome | undefined): object {
  return outcome === undefined ? { outcome: "none" } : outcomeJson(outcome);
}
