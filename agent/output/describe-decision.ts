import type { Decision, TrailEntry } from "../../protocol/decision.ts";
import { printable } from "../../protocol/printable.ts";
import { describeUnmet } from "../../protocol/requirements.ts";
import { formatTime } from "../../protocol/trail.ts";

/** A decision in one line, with what the machine cannot take. */
export function describeDecision(product: string, installed: string | undefined, decision: Decision): string {
  const action = describeAction(product, installed, decision);
  if (decision.action === "paused" || decision.action === "refuse" || decision.misfit === undefined)
    return action;
  const { target, version, unmet } = decision.misfit;
  const step = version === target ? "" : ` (by way of ${version})`;
  return `${action}; it cannot take ${target}${step}: ${printable(unmet.map(describeUnmet).join("; "))}`;
}

function describeAction(product: string, installed: string | undefined, decision: Decision): string {
  const now = installed === undefined ? "is not installed" : `is at ${installed}`;
  const said = printable(decision.trail.findLast(({ outcome }) => outcome === "stop")?.text ?? "");
  switch (decision.action) {
    case "paused":
      return `${product} ${now}; ${said}`;
    case "none":
      return `${product} ${now}; nothing is offered: ${said}`;
    case "stay":
      return `${product} ${now}, which is what it should run`;
    case "refuse":
      return `${product} ${now}; refused (${decision.code}): ${said}`;
    case "wait": {
      const when = decision.eligibleAt === undefined ? "" : `, from ${formatTime(decision.eligibleAt)}`;
      return `${product} ${now}; ${decision.target} waits (${decision.waitingFor}${when}): ${said}`;
    }
    case "update":
    case "rollback":
      return `${product} ${now}; ${decision.action} to ${decision.path.join(", then ")}`;
  }
}

/** The rules in the order in which they spoke. */
export function describeTrail(trail: readonly TrailEntry[]): string {
  return trail
    .map(({ rule, outcome, text, where }) => {
      const place = where === undefined ? "" : `\n${" ".repeat(18)}${printable(where)}`;
      return `${rule.padEnd(11)} ${outcome.padEnd(5)} ${printable(text)}${place}`;
    })
    .join("\n");
}
