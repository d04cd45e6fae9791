import { cohort } from "../../protocol/cohort.ts";
import { DomainError } from "../../protocol/domain-error.ts";
import { formatDuration } from "../../protocol/duration.ts";
import { printable } from "../../protocol/printable.ts";
import { own } from "../../protocol/scope.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { MachineSettings } from "../config/agent-config.ts";
import { describeUnknownKeys } from "../config/unknown-keys.ts";
import { pollInterval } from "../daemon/poll-delay.ts";
import { channelDeferral, deferralBound } from "../decision/deferral-bound.ts";
import type { Evaluation } from "../decision/evaluate.ts";
import { describeDecision } from "../output/describe-decision.ts";
import { describeFacts } from "../output/describe-facts.ts";
import { printableJson } from "../output/printable-json.ts";
import type { LocalProduct } from "../product/local-product.ts";
import { REPORT_ERRORS } from "../report/report-error.ts";
import type { ReportingStatus } from "../report/reporting-status.ts";
import { KEEP_PREVIOUS_SECONDS, type PostponedBuild } from "../state/agent-state.ts";
import { onlyWaits } from "../state/block-build.ts";
import { type AgentCommand, EXIT } from "./agent-command.ts";
import { describeLocalChoices } from "./chosen-settings.ts";
import {
  chosenProducts,
  oneOrAll,
  openSession,
  PRODUCT_HELP,
  PRODUCT_OPTIONS,
  SESSION_HELP,
  SESSION_OPTIONS,
} from "./open-session.ts";

/** `fairlead-agent status [--json]` */
export const statusCommand: AgentCommand = {
  help: `fairlead-agent status - what is installed, how the last update ended, what the controller knows

USAGE
  fairlead-agent status [--product NAME] [--json] [--home DIR] [--log FORM]

DESCRIPTION
  Reads this machine's own notes, what it is, and what the manifest that was
  verified last decides about it: the channel, the place in the queue, and why.
  Asks nobody whether there is a newer one, and changes nothing.

OPTIONS
  --json           as JSON
${PRODUCT_HELP}
${SESSION_HELP}

EXAMPLES
  fairlead-agent status
  fairlead-agent status --json | jq .decision.trail

EXIT CODES
  0  printed    1  refused (not enrolled)    2  wrong use
`,
  options: { ...SESSION_OPTIONS, ...PRODUCT_OPTIONS, json: { type: "boolean" } },
  async run(invocation) {
    const { agent } = await openSession(invocation);
    const { config, device } = agent;
    const products = chosenProducts(agent, invocation);
    const facts = await agent.facts();
    const standings = await Promise.all(products.map((product) => standingOf(product, config)));
    const unknownKeys = describeUnknownKeys(config.unknownKeys ?? []);
    const reporting = config.checkIn ? await agent.reporting() : null;
    const { tenant, site = null, labels = {} } = config;
    if (invocation.values.json === true) {
      const answers = standings.map((standing) => ({
        device: device.id,
        product: standing.product.name,
        server: config.server,
        tenant: tenant?.name ?? null,
        site,
        labels,
        ...productJson(standing),
        checkIn: reporting,
        facts,
        warnings: unknownKeys,
      }));
      process.stdout.write(`${printableJson(oneOrAll(answers), 2)}\n`);
      return EXIT.ok;
    }
    const [first, ...others] = standings;
    const lines = [
      `device     ${device.id}`,
      ...(first === undefined ? [] : [productLine(first.product)]),
      ...placeLines(config),
      `facts      ${describeFacts(facts)}`,
      ...(first === undefined ? [] : productLines(first)),
      ...(reporting === null ? [] : reportingLines(reporting)),
      ...others.flatMap((standing) => ["", productLine(standing.product), ...productLines(standing)]),
      ...unknownKeys.map(({ text, help }) => `warning    ${text}; ${help}`),
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
    return EXIT.ok;
  },
};

/** What is known of a product without asking anybody. */
interface Standing {
  readonly product: LocalProduct;
  /** By the manifest as last verified. Absent: that tells nothing any more. */
  readonly evaluation?: Evaluation;
  /** Why it does not. */
  readonly undecided?: string;
  /** Seconds between two looks; 0: it does not look by itself. */
  readonly interval: number;
}

async function standingOf(product: LocalProduct, { checkInterval }: MachineSettings): Promise<Standing> {
  const { lastCheckAt } = product.status().state;
  if (lastCheckAt === undefined) {
    return {
      product,
      interval: pollInterval(checkInterval, undefined),
      undecided: "nothing was checked yet",
    };
  }
  try {
    const evaluation = await product.evaluateWithVerified(false);
    const interval = pollInterval(checkInterval, evaluation.policy.fleet.checkInterval);
    return { product, interval, evaluation };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { product, interval: pollInterval(checkInterval, undefined), undecided: error.message };
  }
}

/** Where this device stands in the queue for what it is to run: a fraction of 1. */
function queueOf({ decision, device, policy }: Evaluation): { version: string; place: number } | undefined {
  const version = "target" in decision ? decision.target : undefined;
  return version === undefined ? undefined : { version, place: cohort(policy.product, version, device.id) };
}

function nextCheck({ product, interval }: Standing): number | undefined {
  const { lastCheckAt } = product.status().state;
  return interval === 0 || lastCheckAt === undefined ? undefined : lastCheckAt + interval;
}

function productJson(standing: Standing): object {
  const { product, evaluation, undecided, interval } = standing;
  const { state, journal, newestConfirmed } = product.status();
  const { channel = null, pin = null, autoUpdate = null } = product.config;
  return {
    channel: evaluation?.decision.channel ?? null,
    decision: evaluation?.decision ?? null,
    undecided: undecided ?? null,
    cohort: evaluation === undefined ? null : (queueOf(evaluation) ?? null),
    choices: { channel, pin, autoUpdate },
    interval,
    nextCheckAt: nextCheck(standing) ?? null,
    installPath: product.config.installPath,
    installed: state.installed?.version ?? null,
    newestConfirmed: newestConfirmed ?? null,
    state: journal.state,
    previous: state.previous ?? null,
    blocked: state.blocked,
    lastCheckAt: state.lastCheckAt ?? null,
    failedCheck: state.failedCheck ?? null,
    postponed: state.postponed ?? null,
    last: state.last ?? null,
  };
}

function productLine({ name, config }: LocalProduct): string {
  return `product    ${name} at ${config.installPath}, from ${config.server}`;
}

/** What it should run, by the manifest as last verified. */
function decidedLines({ product, evaluation, undecided }: Standing): readonly string[] {
  const choices = describeLocalChoices(product.config);
  const chosen = choices === "" ? [] : [`chosen     ${choices}`];
  if (evaluation === undefined) return [...chosen, `decided    nothing: ${printable(undecided ?? "")}`];
  const { decision, installed, choicesDenied } = evaluation;
  const queue = queueOf(evaluation);
  return [
    ...chosen,
    ...(chosen.length > 0 && choicesDenied !== undefined
      ? [`           denied by ${printable(choicesDenied)}`]
      : []),
    `channel    ${decision.channel ?? "not looked at while paused"}`,
    ...(queue === undefined
      ? []
      : [`cohort     ${(queue.place * 100).toFixed(1)}% of the queue for ${queue.version}`]),
    `decided    ${describeDecision(product.name, installed?.version, decision)}`,
  ];
}

function nextLine(standing: Standing): string {
  if (standing.interval === 0) return "next       never by itself: update_check_interval is 0";
  const at = nextCheck(standing);
  const every = `every ${formatDuration(standing.interval)} where \`run\` is started`;
  return at === undefined ? `next       ${every}` : `next       about ${formatTime(at)}, ${every}`;
}

function productLines(standing: Standing): readonly string[] {
  const { product } = standing;
  const { state, journal, newestConfirmed } = product.status();
  const lines = [
    `installed  ${state.installed?.version ?? "nothing yet known"}`,
    ...decidedLines(standing),
    `journal    ${journal.state}`,
    `checked    ${state.lastCheckAt === undefined ? "never" : formatTime(state.lastCheckAt)}`,
    nextLine(standing),
  ];
  if (newestConfirmed !== undefined && newestConfirmed !== state.installed?.version) {
    lines.push(`newest     ${newestConfirmed} ran here: no rollback goes further than it allows`);
  }
  if (state.failedCheck !== undefined) {
    const { at, cause, reason } = state.failedCheck;
    lines.push(`failing    ${formatTime(at)} ${cause}: ${printable(reason)}`);
  }
  if (state.previous !== undefined) {
    const until = formatTime(state.previous.keptAt + KEEP_PREVIOUS_SECONDS);
    lines.push(`previous   ${state.previous.version}, kept until ${until}`);
  }
  for (const build of state.blocked) {
    const { version, reason, until } = build;
    const orAsked = onlyWaits(build) ? " or `update` by hand" : "";
    lines.push(`blocked    ${version} until ${formatTime(until)}${orAsked}: ${printable(reason)}`);
  }
  if (state.postponed !== undefined) lines.push(postponedLine(standing, state.postponed));
  if (state.last !== undefined) {
    const { to, outcome, startedAt, cause, reason } = state.last;
    const why = [cause, reason].filter((part) => part !== undefined).join(": ");
    lines.push(`last       ${to} ${outcome}, begun ${formatTime(startedAt)}`);
    if (why !== "") lines.push(`           ${printable(why)}`);
  }
  return lines;
}

/** What somebody put off, by the program that has the agent inside; how long that program allows it alone knows. */
function postponedLine({ product, evaluation }: Standing, { version, since, until }: PostponedBuild): string {
  const policy = evaluation === undefined ? undefined : channelDeferral(evaluation);
  const bound = deferralBound(product.config, policy);
  const latest = bound === undefined ? "" : `, and installed unasked from ${formatTime(since + bound)} on`;
  return `put off    ${version}: asked again ${formatTime(until)}${latest}`;
}

function placeLines({ tenant, site, labels = {} }: MachineSettings): readonly string[] {
  const words = [
    ...(tenant === undefined ? [] : [`tenant ${tenant.name}`]),
    ...(site === undefined ? [] : [`site ${site}`]),
    ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
  ];
  return words.length === 0 ? [] : [`enrolled   ${words.join(", ")}`];
}

function reportingLines({
  recordedAt,
  trouble,
  waiting,
  dropped,
  requests,
}: ReportingStatus): readonly string[] {
  const lines = [`check-in   ${recordedAt === null ? "never" : formatTime(recordedAt)}`];
  if (trouble !== null) {
    lines.push(`trouble    ${formatTime(trouble.at)} ${trouble.code}: ${printable(trouble.text)}`);
    const help = own(REPORT_ERRORS, trouble.code)?.remedy;
    if (help !== undefined) lines.push(`           ${help}`);
  }
  if (waiting > 0 || dropped > 0) {
    const lost = dropped === 0 ? "" : `, ${dropped} were let go of unreported`;
    lines.push(`reports    ${waiting} waiting${lost}`);
  }
  for (const { outcome } of requests) {
    lines.push(
      `asked      ${outcome === null ? "being done" : `${outcome.result}: ${printable(outcome.text)}`}`,
    );
  }
  return lines;
}
