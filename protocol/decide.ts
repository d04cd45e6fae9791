import { type Candidate, findRelease, hasArtifactFor, isWithdrawn } from "./candidates.ts";
import type { Decision, WaitDecision } from "./decision.ts";
import { DecisionContext, type Policy } from "./decision-context.ts";
import type { Device, Installed, LocalState } from "./device.ts";
import type { ChannelPolicy } from "./policy.ts";
import type { Release, Releases } from "./release.ts";
import { checkAutoUpdate } from "./rules/check-auto-update.ts";
import { checkBlocked } from "./rules/check-blocked.ts";
import { checkDeadEnd, describeDeadEnd, refuseDeadEnd, yankOf } from "./rules/check-dead-end.ts";
import { checkFreeze, freezesOf, holdingFreezes } from "./rules/check-freeze.ts";
import { checkMinimum } from "./rules/check-minimum.ts";
import { checkPath, findPath } from "./rules/check-path.ts";
import { checkRequirements, fittingTarget } from "./rules/check-requirements.ts";
import { checkRollback } from "./rules/check-rollback.ts";
import { checkHalt, checkWaves } from "./rules/check-rollout.ts";
import { checkScheme } from "./rules/check-scheme.ts";
import { checkUnknownDevice } from "./rules/check-unknown-device.ts";
import { checkWindow } from "./rules/check-window.ts";
import { chooseChannel } from "./rules/choose-channel.ts";
import { type AppliedPin, nearestPin } from "./rules/nearest-pin.ts";
import { own, pauseOf } from "./scope.ts";
import { formatTime } from "./trail.ts";
import type { UpgradePath } from "./upgrade-path.ts";
import { compareVersions, isVersion } from "./version.ts";
import { turnOf } from "./waves.ts";

export type { Policy } from "./decision-context.ts";

/**
 * What a device should do about one product, and why. The agent runs this to act; `explain`, `plan`, `simulate` and
 * the `latest` endpoint ask the same function, so that they cannot disagree with it.
 *
 * Pure: no clock, no I/O, no randomness. Equal arguments give equal bytes on every platform.
 *
 * @param policy    verified policy documents
 * @param releases  what the offline release key says of the product's versions
 * @param now       seconds since 1970
 * @throws ProtocolError when policy holds what no validated state can say (an unreadable version, range or window)
 */
export function decide(
  policy: Policy,
  releases: Releases,
  device: Device,
  installed: Installed,
  local: LocalState,
  now: number,
): Decision {
  const context = new DecisionContext(policy, releases, device, installed, local, now);
  return decideIn(context);
}

/** Rules 1 to 3: may anything move at all, on which channel, and does a pin name the version? */
function decideIn(context: DecisionContext): Decision {
  const { policy, installed, trail } = context;
  const choice = chooseChannel(context);

  const paused = pauseOf(policy, choice.name, context.scopes, context.now);
  if (paused !== undefined) {
    const { reason, until } = paused.pause;
    const end = until === undefined ? "" : ` until ${formatTime(until)}`;
    const why = reason === undefined ? "" : `: ${reason}`;
    trail.add("paused", "stop", `${paused.label} is paused${end}${why}`, paused.where);
    return { action: "paused", trail: trail.entries };
  }
  trail.add("paused", "pass", "nothing on the device's path is paused");

  context.channelName = choice.name;
  trail.add("channel", "set", `channel \`${choice.name}\`, ${choice.because}`, choice.where);
  const unknown = checkUnknownDevice(context);
  if (unknown !== undefined) return unknown;
  if (policy.ifInstalled === true && installed === null) {
    return context.refuse("target", "not-installed", "updated only where it is already installed");
  }
  const otherScheme = checkScheme(context);
  if (otherScheme !== undefined) return otherScheme;
  if (installed !== null && !isVersion(context.scheme, installed)) {
    const text = `the installed version \`${installed}\` is not a ${context.scheme} version`;
    return context.refuse("compare", "installed-version-unreadable", text);
  }
  const channel = own(policy.channels, choice.name);
  if (channel === undefined) {
    const text = `product \`${policy.product}\` has no channel \`${choice.name}\``;
    return context.refuse("channel", "unknown-channel", text, { where: choice.where });
  }

  const pin = nearestPin(context, channel);
  return pin === undefined ? decideByChannel(context, channel) : decideByPin(context, channel, pin);
}

/** A pinned device takes the pinned version at once: waves hold only for what the channel offers. */
function decideByPin(context: DecisionContext, channel: ChannelPolicy, pin: AppliedPin): Decision {
  const target = pin.version;
  const release = findRelease(context.releases, target);
  checkMinimum(context, channel);
  const unavailable = release === undefined ? "is not a signed release" : yankOf(context, release);
  if (release === undefined || unavailable !== undefined) {
    const text = `${target} ${unavailable}`;
    return context.refuse("target", "pinned-version-unavailable", text, { target, where: pin.where });
  }
  if (release.deadEnd !== undefined && target !== context.installed) {
    return refuseDeadEnd(context, target, release.deadEnd);
  }
  const step = findStep(context, channel, release);
  if ("action" in step) return step;
  const halted = checkHalt(context, channel, target);
  if (halted !== undefined) return halted;
  if (pin.where === undefined && isWithdrawn(channel, target)) {
    const text = `${target} was withdrawn from the channel: no machine takes it by its own pin`;
    return context.refuse("target", "pinned-version-unavailable", text, { target });
  }
  if (!step.goesDown) {
    context.trail.add("rollout", "skip", "waves are for the channel; a pin names its version at once");
  }
  return take(context, channel, release, step);
}

function decideByChannel(context: DecisionContext, channel: ChannelPolicy): Decision {
  const where = context.inChannelFile("/version");
  const pointed = channel.current.version;
  const { policy, releases, trail } = context;
  const release = findRelease(releases, pointed);
  if (release === undefined && !policy.yanked.includes(pointed)) {
    checkMinimum(context, channel);
    const text = `${pointed} is not a signed release`;
    return context.refuse("target", "no-such-release", text, { target: pointed, where });
  }
  const [target, ...earlier] = context.offersOf(channel).candidatesFor(context.installed);
  if (target === undefined) {
    checkMinimum(context, channel);
    const yank = release === undefined ? "is yanked" : yankOf(context, release);
    if (yank === undefined && release?.deadEnd !== undefined) {
      return refuseDeadEnd(context, pointed, release.deadEnd);
    }
    trail.add("target", "stop", `${pointed} ${yank ?? "is yanked"} and no earlier version is active`, where);
    return { action: "none", ...context.base() };
  }
  const version = target.release.version;
  const text =
    version === pointed
      ? `the channel points to ${version}`
      : `${whyPassedOver(context, pointed, release)}: the channel falls back to ${version}`;
  trail.add("target", "set", text, where);
  checkMinimum(context, channel);

  const step = findStep(context, channel, target.release);
  if (!("action" in step)) return decideByWaves(context, channel, target, earlier, step);
  if (step.action !== "refuse" || step.code !== "requirement-not-met") return step;
  const fitting = fittingTarget(context, target.release, earlier, (release) => {
    return findPath(context, channel, release) !== undefined;
  });
  if (fitting === undefined) return step;
  const instead = findStep(context, channel, fitting.target.release);
  if ("action" in instead) return instead;
  return decideByWaves(context, channel, fitting.target, fitting.earlier, instead);
}

/** Rule 8 for what the channel offers to this machine. */
function decideByWaves(
  context: DecisionContext,
  channel: ChannelPolicy,
  target: Candidate,
  earlier: readonly Candidate[],
  step: Step,
): Decision {
  const { trail } = context;
  const { version } = target.release;
  const notYet =
    checkHalt(context, channel, version) ??
    (step.goesDown ? undefined : checkWaves(context, channel, target));
  if (notYet === undefined) {
    if (step.goesDown) trail.add("rollout", "skip", "a declared rollback does not wait for waves");
    return take(context, channel, target.release, step);
  }
  if (step.goesDown) return notYet;

  const instead = earlierVersion(context, channel, target.release, earlier, notYet);
  if (instead !== undefined) return offerInstead(context, channel, instead);
  if (context.belowMinimum !== undefined && notYet.waitingFor === "wave") {
    trail.add("rollout", "skip", `below the minimum ${context.belowMinimum}: waves do not hold it`);
    return take(context, channel, target.release, step);
  }
  return soonerWait(context, channel, target, earlier, notYet) ?? notYet;
}

/** A wait for a wave ends sooner where the channel had pointed to the version before, and that wave comes first. */
function soonerWait(
  context: DecisionContext,
  channel: ChannelPolicy,
  { release }: Candidate,
  earlier: readonly Candidate[],
  notYet: WaitDecision,
): WaitDecision | undefined {
  const { policy, device, groups, now, trail } = context;
  const { version } = release;
  if (notYet.waitingFor !== "wave") return undefined;
  let soonest: number | undefined;
  for (const candidate of earlier) {
    if (candidate.release.version !== version) continue;
    const { at } = turnOf(channel.rollout, candidate, policy.product, { id: device.id, groups });
    if (at === undefined || at <= now || at >= (candidate.supersededAt ?? candidate.start.at)) continue;
    if (at < (soonest ?? notYet.eligibleAt ?? Number.POSITIVE_INFINITY)) soonest = at;
  }
  if (soonest === undefined) return undefined;
  trail.add(
    "rollout",
    "stop",
    `the channel had pointed to ${version} before, and by that at ${formatTime(soonest)}`,
  );
  return context.wait(version, "wave", soonest);
}

/** Why the channel does not offer what it points to. */
function whyPassedOver(context: DecisionContext, pointed: string, release: Release | undefined): string {
  const yank = release === undefined ? "is yanked" : yankOf(context, release);
  if (release?.deadEnd !== undefined && yank === undefined) return describeDeadEnd(pointed, release.deadEnd);
  return `${pointed} ${yank === undefined || yank === "is yanked" ? "is yanked or withdrawn" : yank}`;
}

/**
 * Rule 8, "not yet": the newest earlier version whose waves had reached this device before the channel moved on; it may
 * be the target itself, where the channel had pointed to that before. For a device below the minimum it must satisfy
 * the minimum; only while the target is halted, and where no version satisfies it, one below the minimum is taken. A
 * device without the product that no wave had reached takes what began first, which has been proven longest: a new
 * machine must not stay empty.
 */
function earlierVersion(
  context: DecisionContext,
  channel: ChannelPolicy,
  target: Release,
  earlier: readonly Candidate[],
  notYet: WaitDecision,
): Release | undefined {
  const { policy, device, groups, installed, belowMinimum, now } = context;
  const isOlder = (a: string, b: string): boolean => compareVersions(context.scheme, a, b) < 0;
  let belowIt: Release | undefined;
  let longest: Candidate | undefined;
  for (const candidate of earlier) {
    const { release, start, supersededAt = start.at } = candidate;
    const { version } = release;
    const isSameAgain = version === target.version && notYet.waitingFor !== "halt";
    if (!isOlder(version, target.version) && !isSameAgain) continue;
    if (installed !== null && !isOlder(installed, version)) continue;
    const member = { id: device.id, groups };
    if (!hasArtifactFor(release, device.platform)) continue;
    if (findPath(context, channel, release) === undefined) continue;
    if (longest === undefined || start.at < longest.start.at) longest = candidate;
    const { at } = turnOf(channel.rollout, candidate, policy.product, member);
    if (at === undefined || at > now) continue;
    // Where several promotions began together, the channel never pointed to any but the last.
    if (channel.rollout !== undefined && at >= supersededAt) continue;
    if (belowMinimum === undefined || !isOlder(version, belowMinimum)) return release;
    belowIt ??= release;
  }
  if (installed === null) return longest?.release;
  return notYet.waitingFor === "halt" ? belowIt : undefined;
}

function offerInstead(context: DecisionContext, channel: ChannelPolicy, release: Release): Decision {
  const { version } = release;
  const text =
    version === channel.current.version
      ? `the channel had pointed to ${version} before: it need not wait for that again`
      : `until then the channel's previous version ${version}`;
  context.trail.add("rollout", "set", text);
  const step = findStep(context, channel, release);
  return "action" in step ? step : take(context, channel, release, step);
}

/** A way from the installed version to the target that rules 5 to 7 allow. */
interface Step {
  readonly goesDown: boolean;
  readonly path: UpgradePath;
}

/** Rules 5 to 7: compare, path, blocked. */
function findStep(context: DecisionContext, channel: ChannelPolicy, release: Release): Step | Decision {
  const { installed, trail } = context;
  const target = release.version;
  const order = installed === null ? -1 : compareVersions(context.scheme, installed, target);
  if (order === 0) {
    const ending = release.deadEnd === undefined ? "" : `; ${describeDeadEnd(target, release.deadEnd)}`;
    trail.add("compare", "stop", `${target} is installed${ending}`);
    return { action: "stay", target, ...context.base() };
  }
  if (installed !== null && order < 0) {
    const stuck = checkDeadEnd(context, installed, target);
    if (stuck !== undefined) return stuck;
  }
  if (!hasArtifactFor(release, context.device.platform)) {
    const text = `${target} has no artifact for ${context.device.platform}`;
    return context.refuse("target", "no-artifact-for-platform", text, { target });
  }

  let path: UpgradePath = [target];
  const goesDown = installed !== null && order > 0;
  if (goesDown) {
    const refusal = checkRollback(context, channel, installed, target);
    const refused = refusal ?? checkRequirements(context, release, [release]);
    if (refused !== undefined) return refused;
  } else {
    trail.add("compare", "pass", `${target} is newer than ${installed ?? "nothing"}`);
    const found = checkPath(context, channel, release);
    if ("action" in found) return found;
    path = found;
  }
  return checkBlocked(context, target, path[0]) ?? { goesDown, path };
}

/** Rules 9 and 10, and the decision to move. */
function take(
  context: DecisionContext,
  channel: ChannelPolicy,
  release: Release,
  { goesDown, path }: Step,
): Decision {
  const target = release.version;
  const freezes = freezesOf(context, channel);
  return (
    checkFreeze(context, release, freezes) ??
    checkWindow(context, target, holdingFreezes(freezes, release)) ??
    checkAutoUpdate(context, target) ?? {
      action: goesDown ? "rollback" : "update",
      target,
      path,
      ...context.base(),
    }
  );
}
