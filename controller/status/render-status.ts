import type { Halt } from "../../protocol/policy.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { StandingProposal } from "../desired/proposal.ts";
import type { StandingHold } from "../desired/standing-hold.ts";
import type { FormerNameReport } from "../http/api/former-names.ts";
import type { ChannelReport, StatusReport } from "../http/api/status-report.ts";
import type { NeedsReport } from "../overview/overview.ts";
import { shortCommit } from "../reconcile/outcome.ts";
import { describeOrigin } from "../source/line-origin.ts";
import { renderNeeds } from "./render-needs.ts";

/** Alarm below this: a week to find the people who hold an offline key. */
const SOON_SECONDS = 7 * 86_400;

/**
 * The report as people read it in a terminal.
 *
 * @param now   seconds since 1970
 * @param needs what needs a person; absent: the controller does not tell
 */
export function renderStatus(report: StatusReport, now: number, needs?: NeedsReport): string {
  const lines = [headline(report)];
  if (report.reason !== undefined) lines.push(`  ${report.reason}`);
  for (const { severity, rule, file, span, message, help } of report.outcome?.diagnostics ?? []) {
    const place = span === undefined ? file : `${file}:${span.line}:${span.column}`;
    lines.push(`  ${place}: ${severity} ${rule}: ${message}${help === undefined ? "" : ` (${help})`}`);
  }
  for (const { path, problem } of report.damagedArtifacts ?? []) {
    lines.push(`  ${path} ${problem}: put the released file back`);
  }
  const acknowledged = report.outcome?.acknowledged ?? 0;
  if (acknowledged > 0) lines.push(`  ${count(acknowledged, "warning")} acknowledged`);
  if (needs !== undefined) lines.push("", ...renderNeeds(needs, now));
  if (report.commit !== undefined) {
    lines.push("", `commit    ${report.commit}`);
    if (report.version !== undefined) {
      lines.push(`version   ${report.version}, signed ${formatTime(report.signedAt ?? 0)}`);
    }
    for (const [role, expires] of Object.entries(report.expiries ?? {})) {
      lines.push(`expires   ${role} ${formatTime(expires)}${expiryNote(role, expires, now)}`);
    }
  }
  if (report.sourceSeenAt !== undefined) {
    lines.push(`source    last answered ${formatTime(report.sourceSeenAt)}`);
  }
  for (const product of report.products ?? []) {
    const paused = product.paused === undefined ? "" : `, paused${reason(product.paused.reason)}`;
    lines.push("", `${product.name}: ${count(product.releases, "release")}${paused}`);
    const width = Math.max(0, ...product.channels.map(({ name }) => name.length));
    for (const channel of product.channels) {
      lines.push(`  ${channel.name.padEnd(width)}  ${describeChannel(channel)}`);
    }
  }
  const { proposals = [], holds = [] } = report;
  if (holds.length > 0) lines.push("", "held by git:", ...holds.map(describeHold));
  const { formerNames = [] } = report;
  if (formerNames.length > 0) lines.push("", "former names of tenants:", ...formerNames.map(describeFormer));
  if (proposals.length > 0) lines.push("", "proposed to git:");
  for (const proposal of proposals) lines.push(...describeProposal(proposal));
  if (report.commit !== undefined && report.version === undefined) {
    lines.push(
      "",
      "more is for operators: ask on their address, or with --token-file (operator-token in the state folder)",
    );
  }
  return `${lines.join("\n")}\n`;
}

function headline({ ready, degraded, commit }: StatusReport): string {
  if (!ready) return "not ready: nothing is served";
  return `${degraded ? "degraded" : "ok"}: serves commit ${shortCommit(commit ?? "")}`;
}

/** The timestamp is signed anew by itself, so only what people sign is worth an early note. */
function expiryNote(role: string, expires: number, now: number): string {
  if (expires <= now) return "  EXPIRED";
  const isOffline = role === "root" || role === "targets";
  return isOffline && expires - now < SOON_SECONDS ? "  soon: sign it again" : "";
}

/** Also where a commit says so, whether the gate has stopped it too: it stays stopped then. */
function describeHalt({ by, reason: why, gate }: Halt): string {
  if (by === "gate") return `halted by its gate${reason(why)}`;
  return `halted${reason(why)}${gate === undefined ? "" : `, and by its gate${reason(gate.reason)}`}`;
}

function describeChannel(channel: ChannelReport): string {
  const { version, offers, deadEnd, yankedFor, since, paused, halted, stale } = channel;
  const notes: string[] = [];
  const why = deadEnd === undefined ? "yanked" : "a dead end";
  if (offers === undefined) notes.push(`${why}, nothing left to offer`);
  else if (offers !== version) notes.push(`${why}, offers ${offers}`);
  if (yankedFor !== undefined) notes.push(`yanked for ${yankedFor.join(", ")}`);
  if (paused !== undefined) notes.push(`paused${reason(paused.reason)}`);
  if (halted !== undefined) notes.push(describeHalt(halted));
  if (stale !== undefined) {
    const { waiting, from } = stale;
    notes.push(`stale: ${waiting} waits${from === undefined ? "" : ` in ${from}`}`);
  }
  return [`${version} since ${formatTime(since)}`, ...notes].join("; ");
}

function describeHold({
  kind,
  scope,
  product,
  reason: why,
  until,
  file,
  line,
  origin,
}: StandingHold): string {
  const what = kind === "paused" ? "is paused" : "updates only on request";
  const end = until === undefined ? "" : ` until ${formatTime(until)}`;
  const of = product === undefined ? "" : ` for ${product}`;
  const since = origin === undefined ? "" : `, by ${describeOrigin(origin)}`;
  return `  ${scope} ${what}${of}${end}${reason(why)}: ${file}:${line}${since}`;
}

/** Whether the name can go. Machines that do not check in are in no count. */
function describeFormer({ name, tenant, machines, tokens = 0, people = 0 }: FormerNameReport): string {
  const of = `  ${name}, now ${tenant}:`;
  if (machines === undefined) return `${of} nobody can tell who uses it`;
  const users = [
    ...(machines > 0 ? [count(machines, "machine")] : []),
    ...(tokens > 0 ? [count(tokens, "enrolment token")] : []),
    ...(people > 0 ? [count(people, "token of a person", "tokens of people")] : []),
  ];
  if (users.length > 0) return `${of} ${users.join(", ")} still by that name`;
  return `${of} nobody who checks in uses it any more; \`fairlead tenant remove ${name} --reason ...\` ends it`;
}

function describeProposal(proposal: StandingProposal): string[] {
  const { kind, product, channel, version, branch, state, at, failure } = proposal;
  const what = kind === "halt" ? `halt ${product} ${version} on` : `promote ${product} ${version} to`;
  const line = `  ${what} ${channel}: branch ${branch}`;
  switch (state) {
    case "open":
      return [`${line}, since ${formatTime(at)}`];
    case "found":
      return [`${line}, which was there before and is left as it is`];
    case "failed":
      return [
        `${line} cannot be made since ${formatTime(at)}: ${failure?.message ?? "no reason given"}`,
        ...(failure?.help === undefined ? [] : [`    help: ${failure.help}`]),
      ];
  }
}

function reason(text: string | undefined): string {
  return text === undefined ? "" : ` (${text})`;
}

function count(number: number, what: string, several = `${what}s`): string {
  return `${number} ${number === 1 ? what : several}`;
}
