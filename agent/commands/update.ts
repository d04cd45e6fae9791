import type { UpdateResult } from "../agent.ts";
import { describeDecision } from "../output/describe-decision.ts";
import { type AgentCommand, EXIT } from "./agent-command.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { openSession, SESSION_HELP, SESSION_OPTIONS } from "./open-session.ts";
import { reportNow } from "./report-now.ts";

/** `fairlead-agent update [--check]` */
export const updateCommand: AgentCommand = {
  help: `fairlead-agent update - check now, and install what this machine should run

USAGE
  fairlead-agent update [--check] [--home DIR] [--log FORM]

DESCRIPTION
  Fetches and verifies the signed manifest, decides, and installs every step of
  the path. Because a person asks, it passes waves, the update window and
  autoUpdate: false; it never passes a pause, a halt or a failed version's backoff.
  A new version is confirmed, or the previous one is put back and the bad file
  kept aside. With \`check_in\` the controller is told at once.

OPTIONS
  --check          decide only, as the daemon would; install nothing
${SESSION_HELP}

EXIT CODES
  0  the machine runs what it should (with --check: nothing to do)
  1  an update was refused, held or rolled back (with --check: one is there)
  2  wrong use
`,
  options: { ...SESSION_OPTIONS, check: { type: "boolean" } },
  async run(invocation) {
    const session = await openSession(invocation);
    const { agent } = session;
    const { product } = agent.config;
    if (invocation.values.check === true) {
      const { decision, installed } = await agent.check(false);
      process.stdout.write(`${describeDecision(product, installed?.version, decision)}\n`);
      return isQuiet(decision.action) ? EXIT.ok : EXIT.refused;
    }
    const result = await agent.update(true).finally(() => reportNow(session, invocation.signal));
    const { decision, installed } = result.evaluation;
    for (const outcome of result.outcomes) {
      process.stdout.write(`${describeOutcome(product, outcome)}\n`);
    }
    if (result.outcomes.length === 0 || decision.misfit !== undefined) {
      process.stdout.write(`${describeDecision(product, installed?.version, decision)}\n`);
    }
    return succeeded(result) ? EXIT.ok : EXIT.refused;
  },
};

function isQuiet(action: UpdateResult["evaluation"]["decision"]["action"]): boolean {
  return action === "stay" || action === "none" || action === "paused";
}

function succeeded({ evaluation, outcomes }: UpdateResult): boolean {
  if (outcomes.some(({ outcome }) => outcome !== "confirmed")) return false;
  return evaluation.decision.action === "stay" || evaluation.decision.action === "none";
}
