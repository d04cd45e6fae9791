import type { Attempt } from "../../protocol/check-in/attempt.ts";
import type { CheckIn } from "../../protocol/check-in/check-in.ts";
import { countsAtGate } from "../../protocol/gate/failure-causes.ts";
import type { Gate } from "../../protocol/policy.ts";
import { failureSignature } from "./failure-signature.ts";
import type { ServedPolicy } from "./served-policy.ts";
import type { CheckInRecord } from "./store/fleet-store.ts";

/** A check-in as it is recorded: its attempts, and beside each how it counts. */
export type JudgedCheckIn = Pick<CheckInRecord, "checkIn" | "judged">;

/**
 * Says of each attempt how it counts at the gate of its promotion, and under which signature it is grouped. An update that
 * is said to be confirmed while the old version still runs is a failure with a cause of its own: the restart came to
 * nothing.
 *
 * @param channelOf the channel that applies to a product on this device
 */
export function judgeAttempts(
  policy: ServedPolicy,
  checkIn: CheckIn,
  channelOf: (product: string) => string | null,
): JudgedCheckIn {
  const attempts = checkIn.attempts.map((attempt, index) =>
    isRestartRace(attempt, checkIn, index) ? { ...attempt, cause: "restart-race" as const } : attempt,
  );
  const judged = attempts.map((attempt): JudgedCheckIn["judged"][number] => {
    if (attempt.outcome === "confirmed" && attempt.cause === undefined) {
      return { outcome: "confirmed", signature: null };
    }
    const gate = gateOf(policy, attempt.product, channelOf(attempt.product));
    return {
      outcome: countsAtGate(gate, attempt.cause) ? "failed" : "excused",
      signature: failureSignature(whatItSaid(attempt)),
    };
  });
  return { checkIn: { ...checkIn, attempts }, judged };
}

/** The last attempt of its product says confirmed, and the product is what it was before. */
function isRestartRace(attempt: Attempt, { products, attempts }: CheckIn, index: number): boolean {
  const { product, from, to, outcome } = attempt;
  if (outcome !== "confirmed" || from === null || from === to) return false;
  if (attempts.slice(index + 1).some((later) => later.product === product)) return false;
  const report = products.find((each) => each.product === product);
  return report?.installed?.version === from;
}

function gateOf({ products }: ServedPolicy, product: string, channel: string | null): Pick<Gate, "causes"> {
  const channels = products.get(product)?.policy.channels;
  if (channels === undefined || channel === null || !Object.hasOwn(channels, channel)) return {};
  return channels[channel]?.rollout?.gate ?? {};
}

function whatItSaid({ message, log, code, cause, outcome }: Attempt): string {
  if (cause === "restart-race") return "said confirmed, and the version before still runs";
  const lastLine = log?.trim().split("\n").at(-1);
  return [message, lastLine, code, cause].find((text) => text !== undefined && text !== "") ?? outcome;
}
