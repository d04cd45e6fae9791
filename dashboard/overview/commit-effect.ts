import type { Reads } from "../api/types.ts";
import { countOf, writeCount } from "../parts/numbers.ts";

/** One of the commits that the API lists. */
export type CommitSummary = Reads["/api/v1/history"]["answer"]["commits"][number];

/** What a commit did to machines, in a few words: `offered to 943 machines, 906 have it, 37 failed`. */
export function commitEffect(commit: CommitSummary): string {
  const { state, errors, reached, foreseen, files } = commit;
  switch (state) {
    case "refused":
      return `moves no machine, ${countOf(errors, "mistake")}`;
    case "held":
      return "moves no machine until somebody releases it";
    case "waiting":
      return "not looked at yet";
    case "served":
    case "past":
      return reachedWords(reached) ?? foreseenWords(foreseen) ?? countOf(files, "file");
  }
}

function reachedWords(reached: CommitSummary["reached"]): string | undefined {
  const sum = (count: (one: CommitSummary["reached"][number]) => number): number =>
    reached.reduce((all, one) => all + count(one), 0);
  const offered = sum((one) => one.offered);
  if (offered === 0) return undefined;
  const failed = sum((one) => one.failed);
  return [
    `offered to ${countOf(offered, "machine")}`,
    `${writeCount(sum((one) => one.confirmed))} have it`,
    ...(failed === 0 ? [] : [`${writeCount(failed)} failed`]),
  ].join(", ");
}

function foreseenWords(foreseen: CommitSummary["foreseen"]): string | undefined {
  if (foreseen === undefined) return undefined;
  const { moves, stopped, retimed } = foreseen;
  const words = [
    ...(moves > 0 ? [`moves ${countOf(moves, "machine")}`] : []),
    ...(stopped > 0 ? [`stops ${countOf(stopped, "machine")}`] : []),
    ...(retimed > 0 ? [`changes the time for ${countOf(retimed, "machine")}`] : []),
  ];
  return words.length === 0 ? "moves no machine" : words.join(", ");
}
