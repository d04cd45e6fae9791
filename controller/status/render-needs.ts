import { formatDuration } from "../../protocol/duration.ts";
import { printable } from "../../protocol/printable.ts";
import { NEED_WORDS, type Need } from "../overview/need.ts";
import type { NeedsReport } from "../overview/overview.ts";

/** Longest line, so that one need is one line of a log. */
const LONGEST = 600;

/** What needs a person, one line each. `now` in seconds since 1970. */
export function renderNeeds({ heading, needs }: NeedsReport, now: number): string[] {
  if (needs.length === 0) return [heading];
  const all = needs.flatMap((need) => need.members ?? [need]);
  const width = Math.max(...all.map(({ kind }) => wordOf(kind).length));
  const untold = needs.reduce((sum, { folded = 0, members = [] }) => sum + folded - members.length, 0);
  return [
    `${heading}:`,
    ...all.map((need) => `  ${wordOf(need.kind).padEnd(width)}  ${age(need, now)}  ${sentence(need)}`),
    ...(untold > 0 ? [`  and ${untold} more`] : []),
  ];
}

/** A newer controller may know kinds that this program does not. */
function wordOf(kind: Need["kind"]): string {
  return Object.hasOwn(NEED_WORDS, kind) ? NEED_WORDS[kind] : printable(String(kind), 20);
}

function age({ since }: Need, now: number): string {
  return (since === undefined ? "" : formatDuration(now - since)).padStart(7);
}

function sentence({ what, why }: Need): string {
  return printable(`${what}: ${why}`, LONGEST);
}
