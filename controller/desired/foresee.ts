import { decide, type Policy } from "../../protocol/decide.ts";
import type { Decision, RuleName, WaitDecision } from "../../protocol/decision.ts";
import type { Device, LocalState } from "../../protocol/device.ts";
import type { Releases } from "../../protocol/release.ts";

/** A version that the device takes, and the second at which it may. */
export interface ForeseenStep {
  readonly version: string;
  readonly at: number;
}

/** What a device does from now on if nothing but time changes and each update succeeds at once. */
export interface Foresight {
  /** What it decides now. */
  readonly first: Decision;
  /** In order; empty when it stays where it is. */
  readonly steps: readonly ForeseenStep[];
  /** What it runs in the end; `null`: the product stays uninstalled. */
  readonly finally: string | null;
  /** The decision that it comes to rest with. */
  readonly last: Decision;
  /** The first wait for a window, or for the end of a freeze, on the way. */
  readonly quietWait: (WaitDecision & { readonly waitingFor: "window" | "freeze" }) | undefined;
  /**
   * Whether its id or when it was last seen had a say: its place in the queue of a rollout, or the windows that it slept
   * through. Where neither had, every machine that is described alike does the same, those apart that state names.
   */
  readonly isOwn: boolean;
}

/** Limit that no device reaches: each decision takes it past one wait or one version. */
const MAX_DECISIONS = 200;

/**
 * Follows the decisions of one device to the end. Time moves only where a decision names the second from which it may
 * go on, so this takes as many calls of `decide` as the device has waits and updates ahead of it.
 *
 * @param releases as the device sees them: `releasesForFormat`
 * @param local what the device remembers; it holds all the way, because a version that is left on the way up is older
 *   than the next one, and a rollback is the last step
 * @param now seconds since 1970
 */
export function foresee(
  policy: Policy,
  releases: Releases,
  device: Device,
  installed: string | null,
  local: LocalState,
  now: number,
): Foresight {
  const steps: ForeseenStep[] = [];
  let quietWait: Foresight["quietWait"];
  let version = installed;
  let at = now;
  const first = decide(policy, releases, device, { version }, local, at);
  let decision = first;
  let isOwn = isOwnDecision(first);
  for (let count = 0; count < MAX_DECISIONS; count++) {
    if (decision.action === "update" || decision.action === "rollback") {
      version = decision.path[0];
      steps.push({ version, at });
    } else if (decision.action === "wait" && decision.eligibleAt !== undefined) {
      const { waitingFor } = decision;
      if (waitingFor === "window" || waitingFor === "freeze") quietWait ??= { ...decision, waitingFor };
      at = Math.max(decision.eligibleAt, at + 1);
    } else {
      break;
    }
    decision = decide(policy, releases, device, { version }, local, at);
    isOwn ||= isOwnDecision(decision);
  }
  return { first, steps, finally: version, last: decision, quietWait, isOwn };
}

/** A rollout, window or freeze spoke that stands somewhere in state: the rules that look at the machine's own. */
function isOwnDecision({ trail }: Decision): boolean {
  return trail.some(({ rule, where }) => where !== undefined && OWN_RULES.has(rule));
}

const OWN_RULES: ReadonlySet<RuleName> = new Set<RuleName>(["rollout", "window", "freeze"]);
