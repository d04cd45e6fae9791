import { findRelease, isActive } from "../candidates.ts";
import type { RefuseDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { DeadEnd, Release } from "../release.ts";

/** Why, and where a person reads what to do. */
export function describeDeadEnd(version: string, { reason, url }: DeadEnd): string {
  return `${version} is a dead end: ${reason}${url === undefined ? "" : `; see ${url}`}`;
}

/** Rule 6, before any way is looked for: from a dead end none leads up. A declared rollback leads down as ever. */
export function checkDeadEnd(
  context: DecisionContext,
  installed: string,
  target: string,
): RefuseDecision | undefined {
  const deadEnd = findRelease(context.releases, installed)?.deadEnd;
  if (deadEnd === undefined) return undefined;
  const where = context.inVersionFile(installed, "/deadEnd");
  return context.refuse("path", "dead-end", describeDeadEnd(installed, deadEnd), { target, where });
}

/** Rule 3: nobody is sent to a dead end, neither by a channel nor by a pin; who runs it stays on it. */
export function refuseDeadEnd(context: DecisionContext, version: string, deadEnd: DeadEnd): RefuseDecision {
  const where = context.inVersionFile(version, "/deadEnd");
  const text = `${describeDeadEnd(version, deadEnd)}; no machine is sent there`;
  return context.refuse("target", "dead-end", text, { target: version, where });
}

/** Why a version is not offered to the device, in words that follow its name; `undefined`: it is not yanked. */
export function yankOf({ policy, device }: DecisionContext, release: Release): string | undefined {
  if (!isActive(policy, release, undefined)) return "is yanked";
  return isActive(policy, release, device.platform) ? undefined : `is yanked for ${device.platform}`;
}
