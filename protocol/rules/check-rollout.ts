import type { Candidate } from "../candidates.ts";
import type { WaitDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { ChannelPolicy, Halt, Rollout } from "../policy.ts";
import { formatPpm, WHOLE_PPM } from "../share.ts";
import { formatTime } from "../trail.ts";
import { type RolloutStart, type Turn, turnOf } from "../waves.ts";

/** Rule 8, first half: a halted version reaches nobody else, not even by a pin, a minimum or a person's request. */
export function checkHalt(
  context: DecisionContext,
  channel: ChannelPolicy,
  target: string,
): WaitDecision | undefined {
  if (channel.halted === undefined || channel.current.version !== target) return undefined;
  const where = context.inChannelFile("/version");
  context.trail.add("rollout", "stop", describeHalt(context, target, channel.halted), where);
  return context.wait(target, "halt");
}

function describeHalt({ channelName }: DecisionContext, target: string, halt: Halt): string {
  const { reason, at, by, gate } = halt;
  if (by === "gate") {
    const end = `it ends when the channel moves on, or by \`fairlead resume --channel ${channelName} --halt\``;
    return `${target} is halted by the gate since ${formatTime(at)}: ${reason}; ${end}`;
  }
  const also = gate === undefined ? "" : `; the gate halted it too at ${formatTime(gate.at)}: ${gate.reason}`;
  return `${target} is halted: ${reason}${also}`;
}

/** Rule 8, second half: the waves of what the channel offers now. */
export function checkWaves(
  context: DecisionContext,
  channel: ChannelPolicy,
  candidate: Candidate,
): WaitDecision | undefined {
  const { policy, device, groups, trail, now } = context;
  const target = candidate.release.version;
  const rollout = channel.rollout;
  if (rollout === undefined) {
    trail.add("rollout", "pass", "no waves: everybody at once");
    return undefined;
  }
  const where = context.inChannelFile("/rollout");
  const turn = turnOf(rollout, candidate, policy.product, { id: device.id, groups });
  const place =
    turn.fraction === undefined
      ? "a canary"
      : `at ${formatPpm(Math.floor(turn.fraction * WHOLE_PPM))} of the queue for ${target}`;

  if (turn.at !== undefined && turn.at <= now) {
    const text = `${place}: eligible since ${formatTime(turn.at)}; ${countedFrom(candidate.start)}`;
    trail.add("rollout", "pass", text, where);
    return undefined;
  }
  if (context.local.updateNow === true) {
    trail.add("rollout", "skip", "asked for now: waves do not hold it", where);
    return undefined;
  }
  trail.add("rollout", "stop", `${place}: ${whenItsTurnComes(context, rollout, candidate, turn)}`, where);
  const wait = context.wait(target, "wave", turn.at);
  return turn.shutWave === undefined ? wait : { ...wait, shutWave: turn.shutWave };
}

function whenItsTurnComes(
  { channelName }: DecisionContext,
  { advance }: Rollout,
  { isCurrent, start }: Candidate,
  { at, shutWave }: Turn,
): string {
  if (at !== undefined) return `its turn comes at ${formatTime(at)}; ${countedFrom(start)}`;
  if (shutWave === undefined) return "no wave reaches it";
  if (!isCurrent) return `its wave ${shutWave} was not opened before the channel moved on`;
  const why = advance === "healthy" ? ", and so does the gate once the waves before are proven" : "";
  return `its wave ${shutWave} is not opened yet: \`fairlead advance ${channelName}\` opens it${why}`;
}

const STARTS = {
  commit: "the time of its commit",
  publication: "its first publication",
  startsAt: "its `startsAt`",
} as const satisfies Record<RolloutStart["by"], string>;

/** What a reader compares with the clock when waves come too early or too late. */
export function countedFrom({ at, by }: RolloutStart, timeText: (at: number) => string = formatTime): string {
  return `waves count from ${timeText(at)}, ${STARTS[by]}`;
}
