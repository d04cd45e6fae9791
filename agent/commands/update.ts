import type { Decision } from "../../protocol/decision.ts";
import { CONFIG_ERRORS, ConfigError } from "../config/config-error.ts";
import { describeDecision } from "../output/describe-decision.ts";
import { printableJson } from "../output/printable-json.ts";
import type { LocalProduct, UpdateResult } from "../product/local-product.ts";
import { type AgentCommand, EXIT, type Invocation, text } from "./agent-command.ts";
import { keepChoices, requireSignedVersion, versionMeant } from "./chosen-settings.ts";
import { describeOutcome, outcomeJson } from "./describe-outcome.ts";
import {
  chosenProducts,
  oneOrAll,
  openSession,
  PRODUCT_HELP,
  PRODUCT_OPTIONS,
  SESSION_HELP,
  SESSION_OPTIONS,
  type Session,
  warnOfUnknownKeys,
} from "./open-session.ts";
import { reportNow } from "./report-now.ts";
import { rollbackCommand } from "./rollback.ts";
import { UsageError } from "./usage-error.ts";

/** Exit codes of `--check` beside the usual ones, so that a script need not read what is printed. */
const CHECKED = { available: 3, waiting: 4 } as const;

/** `fairlead-agent update ...` */
export const updateCommand: AgentCommand = {
  help: `fairlead-agent update - check now, and install what this machine should run

USAGE
  fairlead-agent update [--check | --install] [--version V] [--channel NAME] [--pin V | --unpin]
                        [--auto on|off] [--interval DURATION] [options]
  fairlead-agent update --rollback [options]
  fairlead-agent update --verify FILE [--version V] [options]

DESCRIPTION
  Fetches and verifies the signed manifest, decides, and installs every step of
  the path. Because a person asks, it passes waves, the update window and
  autoUpdate: false; it never passes a pause, a halt or a failed version's backoff.
  A new version is confirmed, or the previous one is put back and the bad file
  kept aside. With \`check_in\` the controller is told at once.
  Of several products each is updated, whatever becomes of the others.

  --channel, --pin, --unpin, --auto and --interval are kept in config.yaml, and
  hold from this run on. They count as the nearest choice there is, unless the
  fleet's policy says localOverrides: deny; then nothing is changed. A minimum
  version, a pause and a halt hold over all of them. --auto and --interval alone
  only set that; beside --check nothing is installed.

OPTIONS
  --install        install a companion too: a product that the fleet only updates
                   where it is already there (\`ifInstalled\`)
  --check          decide only, as the daemon would; install nothing
  --version V      exactly this version, this once: a signed one that is active and
                   to which a way leads up. --pin keeps it.
  --channel NAME   follow this channel
  --pin V          stay at this version, or go there and stay
  --unpin          follow the channel again
  --auto on|off    off: say that an update waits, and install on request only
  --interval DURATION
                   time between two checks, such as 24h; 0s: never by itself
  --rollback       put the previous version back: the same as \`rollback\`
  --verify FILE    compare a file that came by another way with what is signed, and
                   say which version it is; without a network with what was
                   verified last
  --json           what was decided and done, as JSON
${PRODUCT_HELP}
${SESSION_HELP}

EXAMPLES
  fairlead-agent update --channel beta
  fairlead-agent update --auto off --interval 24h
  fairlead-agent update --verify ./lantern-1.4.2-linux-x64
  fairlead-agent update --check || [ $? -eq 4 ] && echo "nothing to do right now"

EXIT CODES
  0  the machine runs what it should; with --check: nothing to do; with --verify:
     the file is a signed one
  1  an update was refused, held or rolled back; the check failed; the file is not
     what was signed
  2  wrong use
  3  with --check: an update is available
  4  with --check: an update waits for its wave, a window, a freeze, a request, a
     backoff or the end of a halt
`,
  options: {
    ...SESSION_OPTIONS,
    ...PRODUCT_OPTIONS,
    check: { type: "boolean" },
    install: { type: "boolean" },
    version: { type: "string" },
    channel: { type: "string" },
    pin: { type: "string" },
    unpin: { type: "boolean" },
    auto: { type: "string" },
    interval: { type: "string" },
    rollback: { type: "boolean" },
    verify: { type: "string" },
    json: { type: "boolean" },
  },
  isLogged: true,
  async run(invocation) {
    const { values } = invocation;
    requireTogether(values);
    const file = text(values, "verify");
    if (file !== undefined) return (await import("./verify-file.ts")).verifyFile(invocation, file);
    if (values.rollback === true) return rollbackCommand.run(invocation);
    const session = await openSession(invocation, { isLogged: true });
    const { agent, log } = session;
    warnOfUnknownKeys(agent, log);
    const kept = await keepChoices(session, invocation);
    const isJson = values.json === true;
    if (!isJson) for (const line of kept.lines) process.stdout.write(`${line}\n`);
    if (kept.isAll && values.check !== true && text(values, "version") === undefined) {
      if (isJson) process.stdout.write(`${printableJson({ kept: kept.values }, 2)}\n`);
      return EXIT.ok;
    }
    const work =
      values.check === true ? checkOnly : install(text(values, "version"), values.install === true);
    const products = chosenProducts(agent, invocation);
    if (text(values, "version") !== undefined) agent.product(text(values, "product"));
    const done = forEach(products, work, session);
    const { code, answers, failure } = await (values.check === true
      ? done
      : done.finally(() => reportNow(session, invocation.signal)));
    if (isJson && answers.length > 0) {
      process.stdout.write(`${printableJson(oneOrAll(answers.map(({ json }) => json)), 2)}\n`);
    } else {
      for (const line of answers.flatMap(({ lines }) => lines)) process.stdout.write(`${line}\n`);
    }
    if (failure !== undefined) throw failure.error;
    return code;
  },
};

/** What a run was asked for has to fit together. */
function requireTogether(values: Invocation["values"]): void {
  const given = (names: readonly string[]): string | undefined =>
    names.find((name) => values[name] !== undefined);
  const settings = ["channel", "pin", "unpin", "auto", "interval"];
  const exclusive: readonly (readonly [string, readonly string[]])[] = [
    ["rollback", ["check", "version", "verify", ...settings]],
    ["verify", ["check", ...settings]],
    ["version", ["pin", "unpin"]],
    ["install", ["check", "rollback", "verify"]],
    ["pin", ["unpin"]],
  ];
  for (const [name, others] of exclusive) {
    const other = values[name] === undefined ? undefined : given(others);
    if (other === undefined) continue;
    throw new UsageError("usage/conflicting-options", `--${name} and --${other} exclude each other`, {
      help: "give one of them",
    });
  }
}

/** What became of one product. */
interface Answer {
  readonly code: number;
  readonly lines: readonly string[];
  readonly json: object;
}

/** The worst one counts: a failure, then what is to be installed, then what waits. */
const RANK: readonly number[] = [EXIT.ok, CHECKED.waiting, CHECKED.available, EXIT.refused];

/** One product's refusal keeps no other from its turn; the first is for the caller to tell, the others are told here. */
async function forEach(
  products: readonly LocalProduct[],
  work: (product: LocalProduct) => Promise<Answer>,
  { log }: Session,
): Promise<{ code: number; answers: readonly Answer[]; failure: { readonly error: unknown } | undefined }> {
  const { refusalOf } = await import("../output/refusal.ts");
  const answers: Answer[] = [];
  let failure: { readonly error: unknown } | undefined;
  for (const product of products) {
    try {
      answers.push(await work(product));
    } catch (error) {
      if (failure !== undefined) log.refusal({ ...refusalOf(error), product: product.name });
      failure ??= { error };
    }
  }
  const worst = Math.max(0, ...answers.map(({ code }) => RANK.indexOf(code)));
  return { code: RANK[worst] ?? EXIT.refused, answers, failure };
}

async function checkOnly(product: LocalProduct): Promise<Answer> {
  const { decision, installed } = await product.check(false);
  const [status, code] = standingOf(decision);
  return {
    code,
    lines: [describeDecision(product.name, installed?.version, decision)],
    json: { product: product.name, installed: installed?.version ?? null, status, decision },
  };
}

function standingOf({ action }: Decision): readonly [status: string, code: number] {
  switch (action) {
    case "stay":
    case "none":
    case "paused":
      return ["nothing-to-do", EXIT.ok];
    case "update":
    case "rollback":
      return ["available", CHECKED.available];
    case "wait":
      return ["waiting", CHECKED.waiting];
    case "refuse":
      return ["refused", EXIT.refused];
  }
}

/**
 * @param version exactly this one, by a person's word at the machine
 * @param isFirst a companion that is not there is installed too
 */
function install(version: string | undefined, isFirst: boolean): (product: LocalProduct) => Promise<Answer> {
  return async (product) => {
    if (version !== undefined) await requireVersion(product, version);
    const result = isFirst ? await product.install() : await product.update(true);
    const { decision, installed } = result.evaluation;
    const lines = result.outcomes.map((outcome) => describeOutcome(product.name, outcome));
    if (result.outcomes.length === 0 || decision.misfit !== undefined) {
      lines.push(describeDecision(product.name, installed?.version, decision));
    }
    const outcomes = result.outcomes.map(outcomeJson);
    return {
      code: succeeded(result) ? EXIT.ok : EXIT.refused,
      lines,
      json: { product: product.name, installed: installed?.version ?? null, outcomes, decision },
    };
  };
}

/** Nothing is installed in the place of what was asked for. */
async function requireVersion(product: LocalProduct, given: string): Promise<void> {
  const version = versionMeant(given);
  product.takeAgain(version);
  product.chooseOnce({ pin: version });
  const evaluation = await product.check(true);
  const { decision, choicesDenied } = evaluation;
  if (choicesDenied !== undefined) {
    throw new ConfigError(
      "config/choice-denied",
      `this machine may not choose its version (${choicesDenied})`,
      {
        help: CONFIG_ERRORS["config/choice-denied"].remedy,
      },
    );
  }
  requireSignedVersion(product.name, evaluation.releases, version);
  const isThat = "target" in decision && decision.target === version;
  if (isThat && decision.action !== "refuse" && decision.action !== "wait") return;
  const said = decision.trail.findLast(({ outcome }) => outcome === "stop" || outcome === "skip")?.text;
  const downwards = decision.action === "refuse" && decision.code === "downgrade-not-declared";
  throw new ConfigError(
    "config/version-unavailable",
    `${product.name} ${version}: ${said ?? decision.action}`,
    {
      help: downwards
        ? "`fairlead-agent rollback` puts the previous version back; further down no machine goes by itself"
        : CONFIG_ERRORS["config/version-unavailable"].remedy,
    },
  );
}

function succeeded({ evaluation, outcomes }: UpdateResult): boolean {
  if (outcomes.some(({ outcome }) => outcome !== "confirmed")) return false;
  return evaluation.decision.action === "stay" || evaluation.decision.action === "none";
}
