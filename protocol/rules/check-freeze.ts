import type { WaitDecision } from "../decision.ts";
import type { DecisionContext } from "../decision-context.ts";
import type { ChannelPolicy, Freeze } from "../policy.ts";
import { firstFreeSecond, freezeAt } from "../quiet-times.ts";
import type { Release } from "../release.ts";
import { nearest } from "../scope.ts";
import { formatTime } from "../trail.ts";
import { passesQuietTimes } from "./check-window.ts";

/** A freeze with who says it, for the trail. */
export interface AppliedFreeze extends Freeze {
  readonly label: string;
  readonly where: string;
}

/**
 * Rule 9, first half: no freeze may hold now.
 *
 * @param freezes all on the device's path: unlike a window, a nearer one lifts no wider one
 */
export function checkFreeze(
  context: DecisionContext,
  release: Release,
  freezes: readonly AppliedFreeze[],
): WaitDecision | undefined {
  const { now, scopes, trail } = context;
  const said = freezeAt(freezes, now);
  if (said === undefined) return undefined;
  const bypass = passesQuietTimes(context);
  if (bypass !== undefined) {
    trail.add("freeze", "skip", `${bypass}: ${describe(said)}, which does not hold it`, said.where);
    return undefined;
  }
  const strict = holdingFreezes(freezes, release);
  const held = freezeAt(strict, now);
  if (held === undefined) {
    trail.add("freeze", "skip", `${describe(said)}; security releases go on`, said.where);
    return undefined;
  }
  trail.add("freeze", "stop", describe(held), held.where);
  // With `onReturn: now` the window may let the device pass as soon as the freeze ends.
  const window = nearest(scopes, "window")?.value;
  const then = window?.onReturn === "window" ? window : undefined;
  return context.wait(release.version, "freeze", firstFreeSecond(strict, then, now));
}

function describe({ label, to, reason }: AppliedFreeze): string {
  return `${label} is frozen until ${formatTime(to)}: ${reason}`;
}

/** Those that hold this release. */
export function holdingFreezes(freezes: readonly AppliedFreeze[], { severity }: Release): AppliedFreeze[] {
  return freezes.filter(({ except }) => except !== severity);
}

/** Every freeze on the device's path, of whatever scope. */
export function freezesOf(context: DecisionContext, channel: ChannelPolicy): readonly AppliedFreeze[] {
  const { scopes, policy, productFolder, channelName } = context;
  const levels = [
    ...scopes.map(({ label, where, settings }) => ({
      label,
      where: `${where}/freeze`,
      said: settings.freeze,
    })),
    {
      label: `product ${policy.product}`,
      where: `${productFolder}/product.yaml#/freeze`,
      said: policy.freeze,
    },
    {
      label: `channel ${policy.product}/${channelName}`,
      where: context.inChannelFile("/freeze"),
      said: channel.freeze,
    },
  ];
  return levels.flatMap(({ label, where, said = [] }) =>
    said.map((freeze, index) => ({ ...freeze, label, where: `${where}/${index}` })),
  );
}
