import type { LineOrigin } from "../source/line-origin.ts";
import type { StandingHold } from "./standing-hold.ts";

/** What single lines of git say that people ask about later, and by which commits. */
export interface StandingLines {
  readonly holds: readonly StandingHold[];
  /** Pins that end by themselves: those that end first, at most `MAX_STANDING_PINS`. */
  readonly pins: readonly StandingPin[];
  readonly minimums: readonly StandingMinimum[];
}

export const NO_STANDING_LINES: StandingLines = { holds: [], pins: [], minimums: [] };

interface StandingLine {
  /** Relative to the state root. */
  readonly file: string;
  readonly line: number;
  /** The commit behind it; absent: git was not asked yet, or does not say. */
  readonly origin?: LineOrigin;
}

/** A pin with an end, whether that has come or not. */
export interface StandingPin extends StandingLine {
  /** `tenant acme`, `device d-1`, ... */
  readonly scope: string;
  readonly tenant: string;
  readonly product: string;
  readonly version: string;
  readonly reason?: string;
  readonly owner?: string;
  /** First second at which it no longer holds, seconds since 1970. */
  readonly expires: number;
}

/** A `minVersion`. */
export interface StandingMinimum extends StandingLine {
  /** Absent: of all products. */
  readonly product?: string;
  /** Absent: of all channels. */
  readonly channel?: string;
  readonly version: string;
}

export const MAX_STANDING_PINS = 100;
export const MAX_STANDING_MINIMUMS = 100;
