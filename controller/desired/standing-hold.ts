import type { LineOrigin } from "../source/line-origin.ts";

/** A scope of which git says that it stays as it is: nothing moves, or nothing without somebody asking for it. */
export interface StandingHold {
  readonly kind: "paused" | "no-auto-update";
  /** `fleet`, `tenant acme`, `group acme/canaries`, ... */
  readonly scope: string;
  /** Absent: the vendor's own. */
  readonly tenant?: string;
  /** The product that it is about; absent: all. */
  readonly product?: string;
  readonly reason?: string;
  /** Second from which it no longer holds; absent: until somebody ends it. */
  readonly until?: number;
  /** Relative to the state root. */
  readonly file: string;
  readonly line: number;
  /** The commit behind it; absent: git was not asked yet, or does not say. */
  readonly origin?: LineOrigin;
}

/** Most that are told of. */
export const MAX_STANDING_HOLDS = 100;
