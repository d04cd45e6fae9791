import { formatDuration } from "../../../protocol/duration.ts";
import { formatTime } from "../../../protocol/trail.ts";
import type { GateCheck } from "../../desired/gate-checks.ts";
import type { CheckObservation } from "../../fleet/store/records.ts";

/** What came of asking once. `none`: nothing can be concluded from it. */
export interface CheckAnswer {
  readonly kind: "pass" | "fail" | "none";
  /** One line: what was seen, and what is asked. */
  readonly text: string;
}

/**
 * What is known of a check after it was asked once more. It fails only when it has failed for its whole window without a
 * break; until then, and without an answer, nothing is concluded.
 *
 * @param before of the same check of the same promotion
 * @param now seconds since 1970
 */
export function observeCheck(
  { name, window }: Pick<GateCheck, "name" | "window">,
  before: CheckObservation | undefined,
  { kind, text }: CheckAnswer,
  now: number,
): CheckObservation {
  if (kind === "pass") return { name, verdict: "pass", text, at: now, failingSince: null };
  if (kind === "none") return { name, verdict: "inconclusive", text, at: now, failingSince: null };
  const failingSince = Math.min(before?.failingSince ?? now, now);
  const failing = now - failingSince;
  const since = `since ${formatTime(failingSince)}`;
  return failing >= window
    ? { name, verdict: "fail", text: `${text}, ${since}`, at: now, failingSince }
    : {
        name,
        verdict: "inconclusive",
        text: `${text}, ${since}: ${formatDuration(window)} of it would halt`,
        at: now,
        failingSince,
      };
}
