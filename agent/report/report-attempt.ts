import { type Attempt, LONGEST_ATTEMPT_MESSAGE } from "../../protocol/check-in/attempt.ts";
import { printable } from "../../protocol/printable.ts";
import type { FinishedAttempt } from "../life-cycle/finished-attempt.ts";
import { failureCause } from "./failure-cause.ts";

/**
 * An attempt as the controller is told of it.
 *
 * @param withLog whether what the program printed goes with it
 */
export function reportAttempt(product: string, finished: FinishedAttempt, withLog: boolean): Attempt {
  const { plan, endedAt, step, outcome, code, message, log } = finished;
  const { attempt, kind, from, to, startedAt, request } = plan;
  return {
    id: attempt,
    product,
    kind,
    from: from?.version ?? null,
    to: to.version,
    toDigest: to.id,
    startedAt,
    // A clock that was set back meanwhile makes no attempt end before it began.
    endedAt: Math.max(startedAt, endedAt),
    step,
    outcome,
    ...(outcome === "confirmed" || code === undefined ? {} : { cause: failureCause(code), code }),
    ...(message === undefined ? {} : { message: printable(message).slice(0, LONGEST_ATTEMPT_MESSAGE) }),
    ...(log === undefined || !withLog ? {} : { log }),
    ...(request === undefined ? {} : { request }),
  };
}
