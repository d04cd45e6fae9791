import type { Resumption } from "../../protocol/policy.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { RolloutMark, RolloutRecord } from "../fleet/store/records.ts";

/** Most marks that are kept of a rollout; those of its beginning stay. */
const MOST_MARKS = 200;
const KEPT_OF_BEGINNING = 20;

/** When what is noted came about, seconds since 1970. */
interface MarkTimes {
  readonly now: number;
  readonly start: number;
  readonly haltAt: number;
  readonly resumption: Resumption | undefined;
  /** Those that are open. */
  readonly waves: readonly { readonly at: number; readonly text: string }[];
}

/** What people see along the line of a rollout: the marks so far, and one for each thing that has changed since. */
export function nextMarks(
  before: RolloutRecord | undefined,
  after: RolloutRecord,
  { now, start, haltAt, resumption, waves }: MarkTimes,
): readonly RolloutMark[] {
  const marks = [...(before?.marks ?? [])];
  const add = (kind: RolloutMark["kind"], at: number, text: string): void =>
    void marks.push({ at, kind, text });
  const { state, reason } = after;
  if (state !== "pending" && !marks.some(({ kind }) => kind === "began")) {
    add("began", start, `${after.version} begins on ${after.channel}`);
  }
  if (resumption !== undefined && after.countedFrom !== (before?.countedFrom ?? null)) {
    add(
      "resume",
      resumption.at,
      `${resumption.reason}; reports up to ${formatTime(resumption.at)} no longer count`,
    );
  }
  const marked = marks.filter(({ kind }) => kind === "wave").length;
  const isStillHalted = before?.state === "halted" && state === "halted";
  for (const { at, text } of isStillHalted ? [] : waves.slice(marked)) add("wave", at, text);
  if (before?.state !== state) {
    if (state === "halted") add("halt", haltAt, reason);
    else if (state === "held") add("held", now, reason);
    else if (state === "done") add("done", now, reason);
  }
  if (marks.length <= MOST_MARKS) return marks;
  return [...marks.slice(0, KEPT_OF_BEGINNING), ...marks.slice(KEPT_OF_BEGINNING - MOST_MARKS)];
}

/** What is left to say of a promotion that the channel has left. */
export function replacedRecord(
  record: RolloutRecord,
  version: string | undefined,
  now: number,
): RolloutRecord {
  const text =
    version === undefined ? `${record.channel} is gone` : `${record.channel} points to ${version} now`;
  const reason = record.state === "halted" ? `${record.reason}; ${text}` : text;
  return {
    ...record,
    state: record.state === "halted" ? "halted" : "done",
    reason,
    nextAt: null,
    marks: [...record.marks, { at: now, kind: "replaced", text }],
  };
}
