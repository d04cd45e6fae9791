import { printable } from "../../protocol/printable.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { HistoryEntry, HistoryEvent } from "./history-event.ts";

/** One line an event: when, which commit, who, what, why. */
export function printHistory(entries: readonly HistoryEntry[]): string {
  return entries
    .map((entry) => {
      const name = entry.author.replace(/ <[^>]*>$/, "");
      const reason = entry.reason === undefined ? "" : `: ${entry.reason}`;
      // State of long ago may hold what none may hold today.
      const what = printable(`${describeEvent(entry)}${reason}`);
      return `${formatTime(entry.at)}  ${entry.commit.slice(0, 12)}  ${name}  ${what}\n`;
    })
    .join("");
}

/** What happened, in the words of the commands that do it. */
export function describeEvent(event: HistoryEvent): string {
  const { kind, product, channel, version, from, scope, waves, platforms } = event;
  const before = from === undefined ? "" : ` (was ${from})`;
  switch (kind) {
    case "promote":
      return `promote ${product} ${version} to ${channel}${before}`;
    case "rollback":
      return `roll back ${product} ${channel} to ${version}${before}`;
    case "yank":
    case "unyank":
      return `${kind} ${product} ${version}${platforms === undefined ? "" : ` for ${platforms.join(", ")}`}`;
    case "pin":
      return `pin ${scope} to ${product} ${version}${before}`;
    case "unpin":
      return `unpin ${scope} from ${product} ${version}`;
    case "pause":
    case "resume": {
      const isNamed = product === undefined || scope?.includes(product) === true;
      return `${kind} ${scope}${isNamed ? "" : ` for ${product}`}`;
    }
    case "halt":
    case "unhalt":
      return `${kind} ${product} ${version} on ${channel}`;
    case "advance":
      return `advance ${product} ${version} on ${channel} to wave ${waves}`;
    case "minimum":
      return version === undefined
        ? `no minimum of ${scope}${before}`
        : `minimum of ${scope} is ${version}${before}`;
    case "follow":
      return `${scope} follows ${channel ?? "the default channel"}${before}`;
    case "add":
    case "remove":
      return `${kind} ${scope}`;
  }
}
