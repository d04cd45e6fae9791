import { printable } from "../../protocol/printable.ts";
import type { InstallOutcome } from "../life-cycle/installation.ts";

/** How an installation ended, in one line. */
export function describeOutcome(product: string, outcome: InstallOutcome): string {
  const { from, to } = outcome.plan;
  const name = `${product} ${to.version}`;
  switch (outcome.outcome) {
    case "confirmed":
      return `${name} is installed and confirmed`;
    case "rolled-back":
      return `${name} was rolled back: ${printable(outcome.reason)}`;
    case "not-restored":
      return `${name} failed and ${from?.version} could not be put back: ${printable(outcome.reason)}`;
  }
}

/** The same for programs. */
export function outcomeJson(outcome: InstallOutcome): object {
  const { from, to } = outcome.plan;
  const reason = outcome.outcome === "confirmed" ? {} : { reason: outcome.reason };
  return { outcome: outcome.outcome, from: from?.version ?? null, to: to.version, ...reason };
}
