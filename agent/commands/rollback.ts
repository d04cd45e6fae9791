import { printable } from "../../protocol/printable.ts";
import type { InstallOutcome } from "../life-cycle/installation.ts";
import { printableJson } from "../output/printable-json.ts";
import { type AgentCommand, EXIT, text } from "./agent-command.ts";
import { describeOutcome, outcomeJson } from "./describe-outcome.ts";
import { openSession, PRODUCT_HELP, PRODUCT_OPTIONS, SESSION_HELP, SESSION_OPTIONS } from "./open-session.ts";
import { reportNow } from "./report-now.ts";

/** `fairlead-agent rollback` */
export const rollbackCommand: AgentCommand = {
  help: `fairlead-agent rollback - put the previous version back

USAGE
  fairlead-agent rollback [--product NAME] [--json] [--home DIR] [--log FORM]

DESCRIPTION
  Installs the copy that was kept at the last update, by the same steps:
  self-test, swap, restart, confirm. Possible for seven days after the update.
  The version that is left is not installed again on this machine for seven days.

OPTIONS
  --json           how it ended, as JSON
${PRODUCT_HELP}
${SESSION_HELP}

EXAMPLES
  fairlead-agent rollback
  fairlead-agent update --pin 1.4.1       and stays there, past what the channel says

EXIT CODES
  0  the previous version runs    1  refused or failed    2  wrong use
`,
  options: { ...SESSION_OPTIONS, ...PRODUCT_OPTIONS, json: { type: "boolean" } },
  isLogged: true,
  async run(invocation) {
    const session = await openSession(invocation, { isLogged: true });
    const product = session.agent.product(text(invocation.values, "product"));
    const outcome = await product.rollback().finally(() => reportNow(session, invocation.signal));
    const answer =
      invocation.values.json === true
        ? printableJson({ product: product.name, ...outcomeJson(outcome) }, 2)
        : describe(product.name, outcome);
    process.stdout.write(`${answer}\n`);
    return outcome.outcome === "confirmed" ? EXIT.ok : EXIT.refused;
  },
};

function describe(product: string, outcome: InstallOutcome): string {
  const { from, to } = outcome.plan;
  switch (outcome.outcome) {
    case "confirmed":
      return `${product} is back at ${to.version}, from ${from?.version}`;
    case "rolled-back":
      return `${to.version} did not come up, ${from?.version} stays: ${printable(outcome.reason)}`;
    case "not-restored":
      return describeOutcome(product, outcome);
  }
}
