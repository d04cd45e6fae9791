import { printable } from "../../protocol/printable.ts";
import { type AgentCommand, EXIT } from "./agent-command.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { openSession, SESSION_HELP, SESSION_OPTIONS } from "./open-session.ts";
import { reportNow } from "./report-now.ts";

/** `fairlead-agent rollback` */
export const rollbackCommand: AgentCommand = {
  help: `fairlead-agent rollback - put the previous version back

USAGE
  fairlead-agent rollback [--home DIR] [--log FORM]

DESCRIPTION
  Installs the copy that was kept at the last update, by the same steps:
  self-test, swap, restart, confirm. Possible for seven days after the update.
  The version that is left is not installed again on this machine for seven days.

OPTIONS
${SESSION_HELP}

EXIT CODES
  0  the previous version runs    1  refused or failed    2  wrong use
`,
  options: SESSION_OPTIONS,
  async run(invocation) {
    const session = await openSession(invocation);
    const { agent } = session;
    const outcome = await agent.rollback().finally(() => reportNow(session, invocation.signal));
    const { from, to } = outcome.plan;
    if (outcome.outcome === "confirmed") {
      process.stdout.write(`${agent.config.product} is back at ${to.version}, from ${from?.version}\n`);
      return EXIT.ok;
    }
    if (outcome.outcome === "rolled-back") {
      process.stdout.write(
        `${to.version} did not come up, ${from?.version} stays: ${printable(outcome.reason)}\n`,
      );
    } else {
      process.stdout.write(`${describeOutcome(agent.config.product, outcome)}\n`);
    }
    return EXIT.refused;
  },
};
