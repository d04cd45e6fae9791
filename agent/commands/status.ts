import { printable } from "../../protocol/printable.ts";
import { own } from "../../protocol/scope.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { AgentConfig } from "../config/agent-config.ts";
import { describeFacts } from "../output/describe-facts.ts";
import { printableJson } from "../output/printable-json.ts";
import { CHECK_IN_ERRORS } from "../report/check-in-error.ts";
import type { ReportingStatus } from "../report/reporting-status.ts";
import { KEEP_PREVIOUS_SECONDS } from "../state/agent-state.ts";
import { type AgentCommand, EXIT } from "./agent-command.ts";
import { openSession, SESSION_HELP, SESSION_OPTIONS } from "./open-session.ts";

/** `fairlead-agent status [--json]` */
export const statusCommand: AgentCommand = {
  help: `fairlead-agent status - what is installed, how the last update ended, what the controller knows

USAGE
  fairlead-agent status [--json] [--home DIR] [--log FORM]

DESCRIPTION
  Reads this machine's own notes, and what it is. Asks no network and changes
  nothing.

OPTIONS
  --json           as JSON
${SESSION_HELP}

EXIT CODES
  0  printed    1  refused (not enrolled)    2  wrong use
`,
  options: { ...SESSION_OPTIONS, json: { type: "boolean" } },
  async run(invocation) {
    const { agent } = await openSession(invocation);
    const { state, journal, newestConfirmed } = agent.status();
    const { config, device } = agent;
    const facts = await agent.facts();
    const reporting = config.checkIn ? await agent.reporting() : null;
    const { tenant, site = null, labels = {} } = config;
    if (invocation.values.json === true) {
      const answer = {
        device: device.id,
        product: config.product,
        server: config.server,
        tenant: tenant?.name ?? null,
        site,
        labels,
        installPath: config.installPath,
        installed: state.installed?.version ?? null,
        newestConfirmed: newestConfirmed ?? null,
        state: journal.state,
        previous: state.previous ?? null,
        blocked: state.blocked,
        lastCheckAt: state.lastCheckAt ?? null,
        failedCheck: state.failedCheck ?? null,
        last: state.last ?? null,
        checkIn: reporting,
        facts,
      };
      process.stdout.write(`${printableJson(answer, 2)}\n`);
      return EXIT.ok;
    }
    const lines = [
      `device     ${device.id}`,
      `product    ${config.product} at ${config.installPath}, from ${config.server}`,
      ...placeLines(config),
      `installed  ${state.installed?.version ?? "nothing yet known"}`,
      `facts      ${describeFacts(facts)}`,
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
    if (reporting !== null) lines.push(...reportingLines(reporting));
    process.stdout.write(`${lines.join("\n")}\n`);
    return EXIT.ok;
  },
};

function placeLines({ tenant, site, labels = {} }: AgentConfig): readonly string[] {
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
    const help = own(CHECK_IN_ERRORS, trouble.code)?.remedy;
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
