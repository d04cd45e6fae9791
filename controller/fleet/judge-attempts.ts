import type { Attempt } from "../../protocol/check-in/attempt.ts";
import { countsAtGate } from "../../protocol/gate/failure-causes.ts";
import type { Gate } from "../../protocol/policy.ts";
import { failureSignature } from "./failure-signature.ts";
import type { ServedPolicy } from "./served-policy.ts";
import type { CheckInRecord } from "./store/fleet-store.ts";

/**
 * Says of each attempt how it counts at the gate of its promotion, and under which signature it is grouped.
 *
 * @param channelOf the channel that applies to a product on this device
 */
export function judgeAttempts(
  policy: ServedPolicy,
  attempts: readonly Attempt[],
  channelOf: (product: string) => string | null,
): CheckInRecord["judged"] {
  return attempts.map((attempt) => {
    if (attempt.outcome === "confirmed") return { outcome: "confirmed", signature: null };
    const gate = gateOf(policy, attempt.product, channelOf(attempt.product));
    return {
      outcome: countsAtGate(gate, attempt.cause) ? "failed" : "excused",
      signature: failureSignature(whatItSaid(attempt)),
    };
  });
}

function gateOf({ products }: ServedPolicy, product: string, channel: string | null): Pick<Gate, "causes"> {
  const channels = products.get(product)?.policy.channels;
  if (channels === undefined || channel === null || !Object.hasOwn(channels, channel)) return {};
  return channels[channel]?.rollout?.gate ?? {};
}

function whatItSaid({ message, log, code, cause, outcome }: Attempt): string {
  const lastLine = log?.trim().split("\n").at(-1);
  return [message, lastLine, code, cause].find((text) => text !== undefined && text !== "") ?? outcome;
}
