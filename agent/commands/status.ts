import { printable } from "../../protocol/printable.ts";
import { own } from "../../protocol/scope.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { MachineSettings } from "../config/agent-config.ts";
import { describeFacts } from "../output/describe-facts.ts";
import { printableJson } from "../output/printable-json.ts";
import type { LocalProduct } from "../product/local-product.ts";
import { REPORT_ERRORS } from "../report/report-error.ts";
import type { ReportingStatus } from "../report/reporting-status.ts";
import { KEEP_PREVIOUS_SECONDS } from "../state/agent-state.ts";
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

/** `fairlead-agent status [--json]` */
export const statusCommand: AgentCommand = {
  help: `fairlead-agent status - what is installed, how the last update ended, what the controller knows

USAGE
  fairlead-agent status [--product NAME] [--json] [--home DIR] [--log FORM]

DESCRIPTION
  Reads this machine's own notes, and what it is. Asks no network and changes
  nothing.

OPTIONS
  --json           as JSON
${PRODUCT_HELP}
${SESSION_HELP}

EXIT CODES
  0  printed    1  refused (not enrolled)    2  wrong use
`,
  options: { ...SESSION_OPTIONS, ...PRODUCT_OPTIONS, json: { type: "boolean" } },
  async run(invocation) {
    const { agent } = await openSession(invocation);
    const { config, device } = agent;
    const products = chosenProducts(agent, invocation);
    const facts = await agent.facts();
    const reporting = config.checkIn ? await agent.reporting() : null;
    const { tenant, site = null, labels = {} } = config;
    if (invocation.values.json === true) {
      const answers = products.map((product) => ({
        device: device.id,
        product: product.name,
        server: config.server,
        tenant: tenant?.name ?? null,
        site,
        labels,
        ...productJson(product),
        checkIn: reporting,
        facts,
      }));
      process.stdout.write(`${printableJson(oneOrAll(answers), 2)}\n`);
      return EXIT.ok;
    }
    const [first, ...others] = products;
    const lines = [
      `device     ${device.id}`,
      ...(first === undefined ? [] : [productLine(first)]),
      ...placeLines(config),
      `facts      ${describeFacts(facts)}`,
      ...(first === undefined ? [] : productLines(first)),
      ...(reporting === null ? [] : reportingLines(reporting)),
      ...others.flatMap((product) => ["", productLine(product), ...productLines(product)]),
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
    return EXIT.ok;
  },
};

function productJson(product: LocalProduct): object {
  const { state, journal, newestConfirmed } = product.status();
  return {
    installPath: product.config.installPath,
    installed: state.installed?.version ?? null,
    newestConfirmed: newestConfirmed ?? null,
    state: journal.state,
    previous: state.previous ?? null,
    blocked: state.blocked,
    lastCheckAt: state.lastCheckAt ?? null,
    failedCheck: state.failedCheck ?? null,
    last: state.last ?? null,
  };
}

function productLine({ name, config }: LocalProduct): string {
  return `product    ${name} at ${config.installPath}, from ${config.server}`;
}

function productLines(product: LocalProduct): readonly string[] {
  const { state, journal, newestConfirmed } = product.status();
  const lines = [
    `installed  ${state.installed?.version ?? "nothing yet known"}`,
    `journal    ${journal.state}`,
    `checked    ${state.lastCheckAt === undefined ? "never" : formatTime(state.lastCheckAt)}`,
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
  for (const { version, reason, until } of state.blocked) {
    lines.push(`blocked    ${version} until ${formatTime(until)}: ${printable(reason)}`);
  }
  if (state.last !== undefined) {
    const { to, outcome, startedAt, cause, reason } = state.last;
    const why = [cause, reason].filter((part) => part !== undefined).join(": ");
    lines.push(`last       ${to} ${outcome}, begun ${formatTime(startedAt)}`);
    if (why !== "") lines.push(`           ${printable(why)}`);
  }
  return lines;
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
