import type { Freeze, UpdateWindow } from "./policy.ts";
import { openingAtOrAfter } from "./update-window.ts";

/** The freeze that holds at a second, the one that ends last; `undefined`: none does. */
export function freezeAt<T extends Freeze>(freezes: readonly T[], at: number): T | undefined {
  let longest: T | undefined;
  for (const freeze of freezes) {
    if (freeze.from <= at && at < freeze.to && freeze.to > (longest?.to ?? at)) longest = freeze;
  }
  return longest;
}

/** Windows that open only inside of freezes are not followed further: a freeze is an exception, and none is so long. */
const MAX_TURNS = 1000;

/**
 * The first second, from `at` on, that lies in the window and in no freeze; `undefined`: none within reach.
 *
 * @param window absent: updates may come at any time
 * @throws ProtocolError `protocol/bad-window`
 */
export function firstFreeSecond(
  freezes: readonly Freeze[],
  window: UpdateWindow | undefined,
  at: number,
): number | undefined {
  let second = at;
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const frozen = freezeAt(freezes, second);
    if (frozen !== undefined) {
      second = frozen.to;
      continue;
    }
    const opens = window === undefined ? second : openingAtOrAfter(window, second).opens;
    if (opens <= second) return second;
    second = opens;
  }
  return undefined;
}
