import { describeDecision } from "../output/describe-decision.ts";
import type { LocalProduct, UpdateResult } from "../product/local-product.ts";
import { type AgentCommand, EXIT } from "./agent-command.ts";
import { describeOutcome } from "./describe-outcome.ts";
import {
  chosenProducts,
  openSession,
  PRODUCT_HELP,
  PRODUCT_OPTIONS,
  SESSION_HELP,
  SESSION_OPTIONS,
} from "./open-session.ts";
import { reportNow } from "./report-now.ts";
import { UsageError } from "./usage-error.ts";

/** `fairlead-agent update [--check]` */
export const updateCommand: AgentCommand = {
  help: `fairlead-agent update - check now, and install what this machine should run

USAGE
  fairlead-agent update [--check | --install] [--product NAME] [--home DIR] [--log FORM]

DESCRIPTION
  Fetches and verifies the signed manifest, decides, and installs every step of
  the path. Because a person asks, it passes waves, the update window and
  autoUpdate: false; it never passes a pause, a halt or a failed version's backoff.
  A new version is confirmed, or the previous one is put back and the bad file
  kept aside. With \`check_in\` the controller is told at once.
  Of several products each is updated, whatever becomes of the others.

OPTIONS
  --install        install a companion too: a product that the fleet only updates
                   where it is already there (\`ifInstalled\`)
  --check          decide only, as the daemon would; install nothing
${PRODUCT_HELP}
${SESSION_HELP}

EXIT CODES
  0  the machine runs what it should (with --check: nothing to do)
  1  an update was refused, held or rolled back (with --check: one is there)
  2  wrong use
`,
  options: {
    ...SESSION_OPTIONS,
    ...PRODUCT_OPTIONS,
    check: { type: "boolean" },
    install: { type: "boolean" },
  },
  async run(invocation) {
    const session = await openSession(invocation);
    const products = chosenProducts(session.agent, invocation);
    if (invocation.values.check === true && invocation.values.install === true) {
      throw new UsageError("usage/conflicting-options", "--check and --install exclude each other", {
        help: "give one of them",
      });
    }
    if (invocation.values.check === true) return forEach(products, checkOnly);
    const isFirst = invocation.values.install === true;
    return forEach(products, (product) => install(product, isFirst)).finally(() =>
      reportNow(session, invocation.signal),
    );
  },
};

/**
 * One product's refusal keeps no other from its turn.
 *
 * @returns the worst of the exit codes
 * @throws the first that was thrown, at the end
 */
async function forEach(
  products: readonly LocalProduct[],
  work: (product: LocalProduct) => Promise<number>,
): Promise<number> {
  const failures: unknown[] = [];
  let code: number = EXIT.ok;
  for (const product of products) {
    try {
      code = Math.max(code, await work(product));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return code;
}

async function checkOnly(product: LocalProduct): Promise<number> {
  const { decision, installed } = await product.check(false);
  process.stdout.write(`${describeDecision(product.name, installed?.version, decision)}\n`);
  return isQuiet(decision.action) ? EXIT.ok : EXIT.refused;
}

async function install(product: LocalProduct, isFirst: boolean): Promise<number> {
  const result = isFirst ? await product.install() : await product.update(true);
  const { decision, installed } = result.evaluation;
  for (const outcome of result.outcomes) {
    process.stdout.write(`${describeOutcome(product.name, outcome)}\n`);
  }
  if (result.outcomes.length === 0 || decision.misfit !== undefined) {
    process.stdout.write(`${describeDecision(product.name, installed?.version, decision)}\n`);
  }
  return succeeded(result) ? EXIT.ok : EXIT.refused;
}

function isQuiet(action: UpdateResult["evaluation"]["decision"]["action"]): boolean {
  return action === "stay" || action === "none" || action === "paused";
}

function succeeded({ evaluation, outcomes }: UpdateResult): boolean {
  if (outcomes.some(({ outcome }) => outcome !== "confirmed")) return false;
  return evaluation.decision.action === "stay" || evaluation.decision.action === "none";
}
