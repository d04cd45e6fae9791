import { printable } from "../../protocol/printable.ts";
import { type AgentCommand, EXIT, text } from "./agent-command.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { openSession, PRODUCT_HELP, PRODUCT_OPTIONS, SESSION_HELP, SESSION_OPTIONS } from "./open-session.ts";
import { reportNow } from "./report-now.ts";

/** `fairlead-agent rollback` */
export const rollbackCommand: AgentCommand = {
  help: `fairlead-agent rollback - put the previous version back

USAGE
  fairlead-agent rollback [--product NAME] [--home DIR] [--log FORM]

DESCRIPTION
  Installs the copy that was kept at the last update, by the same steps:
  self-test, swap, restart, confirm. Possible for seven days after the update.
  The version that is left is not installed again on this machine for seven days.

OPTIONS
${PRODUCT_HELP}
${SESSION_HELP}

EXIT CODES
  0  the previous version runs    1  refused or failed    2  wrong use
`,
  options: { ...SESSION_OPTIONS, ...PRODUCT_OPTIONS },
  async run(invocation) {
    const session = await openSession(invocation);
    const product = session.agent.product(text(invocation.values, "product"));
    const outcome = await product.rollback().finally(() => reportNow(session, invocation.signal));
    const { from, to } = outcome.plan;
    if (outcome.outcome === "confirmed") {
      process.stdout.write(`${product.name} is back at ${to.version}, from ${from?.version}\n`);
      return EXIT.ok;
    }
    if (outcome.outcome === "rolled-back") {
      process.stdout.write(
        `${to.version} did not come up, ${from?.version} stays: ${printable(outcome.reason)}\n`,
      );
    } else {
      process.stdout.write(`${describeOutcome(product.name, outcome)}\n`);
    }
    return EXIT.refused;
  },
};
