import type { Candidate } from "../candidates.ts";
import { cohort } from "../cohort.ts";
import type { WaitDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { ChannelPolicy } from "../policy.ts";
import { formatPpm, WHOLE_PPM } from "../share.ts";
import { formatTime } from "../trail.ts";
import { isCanary, waveDelay } from "../waves.ts";

/** Rule 8, first half: a halted version reaches nobody else, not even by a pin, a minimum or a person's request. */
export function checkHalt(
  context: DecisionContext,
  channel: ChannelPolicy,
  target: string,
): WaitDecision | undefined {
  if (channel.halted === undefined || channel.current.version !== target) return undefined;
  const where = context.inChannelFile("/version");
  context.trail.add("rollout", "stop", `${target} is halted: ${channel.halted.reason}`, where);
  return context.wait(target, "halt");
}

/** Rule 8, second half: the waves of what the channel offers now. */
export function checkWaves(
  context: DecisionContext,
  channel: ChannelPolicy,
  { release, promotedAt }: Candidate,
): WaitDecision | undefined {
  const { policy, device, groups, trail, now } = context;
  const target = release.version;
  const rollout = channel.rollout;
  if (rollout === undefined) {
    trail.add("rollout", "pass", "no waves: everybody at once");
    return undefined;
  }
  const where = context.inChannelFile("/rollout");
  const fraction = cohort(policy.product, target, device.id);
  const canary = isCanary(rollout, device.id, groups, fraction);
  const delay = canary ? 0 : waveDelay(rollout, fraction);
  const place = canary
    ? "a canary"
    : `at ${formatPpm(Math.floor(fraction * WHOLE_PPM))} of the queue for ${target}`;

  const at = delay === undefined ? undefined : promotedAt + delay;
  if (at !== undefined && at <= now) {
    trail.add("rollout", "pass", `${place}: eligible since ${formatTime(at)}`, where);
    return undefined;
  }
  if (context.local.updateNow === true) {
    trail.add("rollout", "skip", "asked for now: waves do not hold it", where);
    return undefined;
  }
  const when = at === undefined ? "no wave reaches it" : `its turn comes at ${formatTime(at)}`;
  trail.add("rollout", "stop", `${place}: ${when}`, where);
  return context.wait(target, "wave", at);
}
