import { NEED_KINDS, NEED_WORDS, type Need, type NeedKind } from "./need.ts";
import { count, listed } from "./phrases.ts";

/** More rows than this, and those of one kind become one. */
const MOST_ROWS = 8;
/** Of one kind, how many are listed. */
const MOST_MEMBERS = 50;

/** In the order of their kinds; within one kind the oldest first, and what nobody knows the age of last. */
export function ranked(needs: readonly Need[]): Need[] {
  return needs.toSorted(
    (a, b) =>
      NEED_KINDS.indexOf(a.kind) - NEED_KINDS.indexOf(b.kind) ||
      (a.since ?? Infinity) - (b.since ?? Infinity) ||
      (a.id < b.id ? -1 : 1),
  );
}

/**
 * So few rows that they can be read: where there are more than eight, kinds become one row each, from the least urgent
 * on, until there are eight or every kind has one.
 *
 * @param needs in their order
 */
export function folded(needs: readonly Need[]): Need[] {
  let rows = [...needs];
  for (const kind of NEED_KINDS.toReversed()) {
    if (rows.length <= MOST_ROWS) break;
    const ofKind = rows.filter((row) => row.kind === kind);
    const [first] = ofKind;
    if (first === undefined || ofKind.length < 2) continue;
    const row = foldedRow(kind, first, ofKind);
    rows = rows.flatMap((each) => (each === first ? [row] : each.kind === kind ? [] : [each]));
  }
  return rows;
}

function foldedRow(kind: NeedKind, first: Need, all: readonly Need[]): Need {
  const devices = all.reduce((sum, { subject }) => sum + (subject.devices ?? 0), 0);
  return {
    ...{ id: `${kind}:all`, kind, isNow: first.isNow, folded: all.length },
    ...(first.since === undefined ? {} : { since: first.since }),
    what: `${count(all.length, FOLDED_NOUNS[kind])} ${NEED_WORDS[kind]}`,
    why: `${listed(all.map(({ what }) => what))}.`,
    subject: devices === 0 ? {} : { devices },
    action: { label: `Show all ${all.length}`, commands: ["fairlead status"] },
    members: all.slice(0, MOST_MEMBERS),
  };
}

const FOLDED_NOUNS = {
  halted: "rollout",
  expired: "signed role",
  refused: "commit",
  "held-commit": "commit",
  stalled: "source",
  held: "rollout",
  undecided: "rollout",
  "below-minimum": "minimum",
  "security-held": "scope",
  disappeared: "site",
  silent: "group",
  stale: "channel",
  expires: "signed role",
  "pin-expired": "pin",
  "pin-expires": "pin",
  damaged: "artifact",
  cloned: "device",
  proposed: "change",
  paused: "scope",
} as const satisfies Readonly<Record<NeedKind, string>>;
