import type { Decision } from "../../protocol/decision.ts";
import { formatDuration } from "../../protocol/duration.ts";
import { summariseUnmet } from "../../protocol/requirements.ts";
import { formatTime } from "../../protocol/trail.ts";
import { describeOrigin } from "../source/line-origin.ts";
import type { ExplainedEntry, Explanation } from "./explain-device.ts";

const MARKS = { set: "=", pass: "+", skip: "-", stop: "x" } as const;

/**
 * An explanation for people: who asks, each rule that spoke with its place in state, the decision, and what comes
 * next.
 *
 * @param pathPrefix put before file names, with `/` at its end
 */
export function printExplanation(explanation: Explanation, pathPrefix: string): string {
  const { product, device, format, installed, commit, now, decision, trail, ahead } = explanation;
  const place = [device.tenant, device.site].filter((part) => part !== undefined).join("/");
  const what = [device.platform, format ?? "", place].filter((part) => part !== "").join(", ");
  const lines = [
    `${product} on ${device.id} (${what}), ${installed ?? "nothing"} installed`,
    `at ${commit.slice(0, 12)}, ${formatTime(now)}`,
    "",
    ...trail.map((entry) => trailLine(entry, pathPrefix)),
    "",
    `decision: ${describeDecision(decision)}`,
  ];
  if (decision.action !== "paused" && decision.belowMinimum !== undefined) {
    lines.push(`below the minimum ${decision.belowMinimum}: neither waves nor windows hold an update back`);
  }
  if (decision.misfit !== undefined) {
    const { target, unmet } = decision.misfit;
    lines.push(`it cannot take ${target}: ${unmet.map(summariseUnmet).join(", ")}`);
  }
  if (explanation.nextEligibleAt !== undefined)
    lines.push(`next: ${moment(explanation.nextEligibleAt, now)}`);
  for (const { version, at } of ahead) lines.push(`  ${version}  from ${moment(at, now)}`);
  if (explanation.countsFromCommits === true) lines.push("", COUNTED_FROM_COMMITS);
  return `${lines.join("\n")}\n`;
}

/** One rule that spoke: its mark, what it said, and where state says so. */
export function trailLine(
  { rule, outcome, text, file, span, where, origin }: ExplainedEntry,
  pathPrefix: string,
): string {
  const named = where === undefined ? "" : `  (${where})`;
  const place = file === undefined || span === undefined ? named : `  ${pathPrefix}${file}:${span.line}`;
  const since = origin === undefined ? "" : `, by ${describeOrigin(origin)}`;
  return `  ${MARKS[outcome]} ${rule.padEnd(10)} ${text}${place}${since}`;
}

export function describeDecision(decision: Decision): string {
  switch (decision.action) {
    case "paused":
      return "paused, nothing moves";
    case "none":
      return "nothing is offered";
    case "stay":
      return `stay on ${decision.target}`;
    case "refuse":
      return `stay: ${decision.target ?? "what is offered"} is refused (${decision.code})`;
    case "wait":
      return decision.shutWave === undefined
        ? `${decision.target} waits for ${WAITS[decision.waitingFor]}`
        : `${decision.target} waits for its wave ${decision.shutWave} to be opened`;
    case "update":
    case "rollback":
      return `${decision.action} to ${decision.path.join(", then ")}`;
  }
}

const COUNTED_FROM_COMMITS =
  "waves count from the commit here; for the fleet from its first publication, where that is later";

const WAITS = {
  wave: "its wave",
  halt: "the end of a halt",
  freeze: "the end of a freeze",
  window: "the update window",
  request: "somebody to ask for it",
  backoff: "the end of its backoff",
} as const;

function moment(at: number, now: number): string {
  return at <= now ? "now" : `${formatTime(at)} (in ${formatDuration(at - now)})`;
}
