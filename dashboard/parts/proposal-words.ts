import type { PreparedCommit, ProposalBody } from "../api/types.ts";
import { countOf, writeCount } from "./numbers.ts";

/** What is said of a change before it is made. Pure. */

const WITH_REASON: readonly ProposalBody["kind"][] = [
  "rollback",
  "yank",
  "unyank",
  "pause",
  "resume-halt",
  "pin",
];

/** Whether the change takes a reason that stands in the state, or in its commit. */
export function needsReason(kind: ProposalBody["kind"]): boolean {
  return WITH_REASON.includes(kind);
}

/** How many machines it moves, in one sentence. */
export function sentenceOfMoves({ plan, diffs, isValid }: PreparedCommit): string {
  if (diffs.length === 0) return "Nothing would change: state already says so.";
  if (!isValid) return "The state would be refused with it.";
  if (plan === undefined) return "What it would do cannot be told: the state before it has mistakes.";
  const { blast, inventory } = plan;
  const noun = inventory.kind === "devices" ? "machine" : "scope";
  const parts = [
    ...(blast.devices > 0 ? [`moves ${writeCount(blast.devices)} of ${countOf(inventory.total, noun)}`] : []),
    ...(blast.retimed > 0 ? [`${countOf(blast.retimed, noun)} at another time`] : []),
    ...(blast.stopped > 0 ? [`stops ${countOf(blast.stopped, noun)}`] : []),
  ];
  if (parts.length === 0) return `It moves nobody now, of ${countOf(inventory.total, noun)}.`;
  return `It ${parts.join(", ")}.`;
}

/** What the button does here. */
export function buttonOf({ pageChanges, followed, plan }: PreparedCommit): string {
  switch (pageChanges) {
    case "direct": {
      const touched = plan?.blast.touched ?? 0;
      const noun = plan?.inventory.kind === "scopes" ? "scope" : "machine";
      const whom = touched > 0 ? `, ${countOf(touched, noun)}` : "";
      return `Commit to ${followed ?? "the branch"}${whom}`;
    }
    case "branch":
    case "off":
      return "Propose on a branch";
  }
}
