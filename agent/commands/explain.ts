import { formatTime } from "../../protocol/trail.ts";
import { FetchError } from "../fetch/fetch-error.ts";
import { describeDecision, describeTrail } from "../output/describe-decision.ts";
import { describeFacts } from "../output/describe-facts.ts";
import type { Log } from "../output/log.ts";
import { printableJson } from "../output/printable-json.ts";
import type { Explained, LocalProduct } from "../product/local-product.ts";
import { TrustError } from "../trust/trust-error.ts";
import { type AgentCommand, EXIT } from "./agent-command.ts";
import {
  chosenProducts,
  oneOrAll,
  openSession,
  PRODUCT_HELP,
  PRODUCT_OPTIONS,
  SESSION_HELP,
  SESSION_OPTIONS,
} from "./open-session.ts";

/** `fairlead-agent explain [--json]` */
export const explainCommand: AgentCommand = {
  help: `fairlead-agent explain - say what this machine would do now, and which rules decide it

USAGE
  fairlead-agent explain [--product NAME] [--json] [--home DIR] [--log FORM]

DESCRIPTION
  Prints every rule that spoke, in order, with the place in the state repository
  that says so. The manifest is brought up to date first; without a network the
  last verified one answers, and that is said. Where that has expired since, it is
  still told what it said, and since when it holds no more: nothing is installed by
  an expired manifest.

OPTIONS
  --json           the decision with its trail as JSON
${PRODUCT_HELP}
${SESSION_HELP}

EXIT CODES
  0  explained    1  refused    2  wrong use
`,
  options: { ...SESSION_OPTIONS, ...PRODUCT_OPTIONS, json: { type: "boolean" } },
  async run(invocation) {
    const { agent, log } = await openSession(invocation);
    const answers: object[] = [];
    for (const product of chosenProducts(agent, invocation)) {
      const { evaluation, expired } = await explainProduct(product, log);
      const { decision, device, installed, policy } = evaluation;
      if (invocation.values.json === true) {
        const named = agent.products.length > 1 ? { product: product.name } : {};
        answers.push({
          ...{ ...named, device, installed: installed?.version ?? null, commit: policy.commit, decision },
          ...(expired === undefined ? {} : { expired }),
        });
        continue;
      }
      process.stdout.write(
        `device ${device.id} (${device.platform}), policy of commit ${policy.commit}\n` +
          `facts: ${describeFacts(device.facts ?? {})}\n` +
          `${describeTrail(decision.trail)}\n` +
          `=> ${describeDecision(product.name, installed?.version, decision)}\n${describeExpiry(expired)}`,
      );
    }
    if (answers.length > 0) {
      process.stdout.write(`${printableJson(oneOrAll(answers), 2)}\n`);
    }
    return EXIT.ok;
  },
};

async function explainProduct(product: LocalProduct, log: Log): Promise<Explained> {
  try {
    return { evaluation: await product.check(false) };
  } catch (error) {
    const isExpired = error instanceof TrustError && error.code === "trust/expired";
    if (!isExpired && !(error instanceof FetchError)) throw error;
    const what = isExpired ? "expired" : "offline";
    log.event("warn", what, `${error.message}; this is from the last verified manifest`);
    return product.explainWithVerified();
  }
}

function describeExpiry(expired: Explained["expired"]): string {
  if (expired === undefined) return "";
  const since = expired.since === undefined ? "" : ` since ${formatTime(expired.since)}`;
  return `but this manifest has expired${since}: it is told, and nothing is installed by it\n`;
}
