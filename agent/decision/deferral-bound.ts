import { own } from "../../protocol/scope.ts";
import type { ProductConfig } from "../config/agent-config.ts";
import type { Evaluation } from "./evaluate.ts";

/** What the channel that this device follows says on how long a version may be put off, in seconds. */
export function channelDeferral({
  decision: { channel },
  policy,
}: Pick<Evaluation, "decision" | "policy">): number | undefined {
  return channel === undefined ? undefined : own(policy.channels, channel)?.deferAtMost;
}

/**
 * The shortest of what machine, channel and program say on how long a version may be put off, in seconds from the first
 * question on; `undefined` where none of them says anything.
 */
export function deferralBound(
  { deferAtMost }: Pick<ProductConfig, "deferAtMost">,
  ...others: readonly (number | undefined)[]
): number | undefined {
  const bounds = [deferAtMost, ...others].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? undefined : Math.min(...bounds);
}
