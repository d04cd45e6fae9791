import { printable } from "../../protocol/printable.ts";
import { comingsOf, eventsOf } from "../history/commit-events.ts";
import { type HistoryFilter, type HistoryKind, matchesFilter } from "../history/history-event.ts";
import { describeEvent } from "../history/print-history.ts";
import type { LoggedChange } from "../source/logged-commit.ts";
import { type Deed, MOST_DID } from "./preview-service.ts";

/** What matters most to who looks at a list of commits stands first. */
const ORDER: readonly HistoryKind[] = [
  "halt",
  "rollback",
  "yank",
  "pause",
  "promote",
  "minimum",
  "advance",
  "unhalt",
  "resume",
  "unyank",
  "pin",
  "unpin",
  "follow",
  "remove",
  "add",
];

/**
 * What a commit did, in words. Pure.
 *
 * @param files what `readPastFiles` gave for it
 */
export function deedsOf(
  changes: readonly LoggedChange[],
  files: ReadonlyMap<string, unknown>,
  filter: HistoryFilter = {},
): { readonly did: readonly Deed[]; readonly omitted: number } {
  const events = [...eventsOf(changes, files), ...comingsOf(changes)]
    .filter((event) => matchesFilter(event, filter))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const did = events.slice(0, MOST_DID).map(({ reason, ...event }) => ({
    ...event,
    // State of long ago may hold what none may hold today.
    text: printable(describeEvent(event)),
    ...(reason === undefined ? {} : { reason: printable(reason) }),
  }));
  return { did, omitted: events.length - did.length };
}
