import type { UpdateWindow } from "../../protocol/policy.ts";
import type { LineOrigin } from "../source/line-origin.ts";
import type { StopScope } from "../state/stops-of-state.ts";
import type { StandingHold } from "./standing-hold.ts";

/** What single lines of git say that people ask about later, and by which commits. */
export interface StandingLines {
  readonly holds: readonly StandingHold[];
  /** Pins that end by themselves: those that end first, at most `MAX_STANDING_PINS`. */
  readonly pins: readonly StandingPin[];
  readonly minimums: readonly StandingMinimum[];
  /** The newest security release that each channel offers, where there is one. */
  readonly security: readonly OfferedSecurity[];
  /** What may keep machines from those; none while no channel offers one. At most `MAX_STANDING_STOPS`. */
  readonly stops: readonly StandingStop[];
}

export const NO_STANDING_LINES: StandingLines = {
  holds: [],
  pins: [],
  minimums: [],
  security: [],
  stops: [],
};

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

/** A security release that a channel points to, or has below what it points to. */
export interface OfferedSecurity {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
}

/** A pause, a freeze that lets no security release pass, a pin or a window, and whose. Times are seconds since 1970. */
export interface StandingStop extends StandingLine, StopScope {
  readonly kind: "pause" | "freeze" | "pin" | "window";
  /** `fleet`, `product agent`, `channel agent/stable`, `tenant acme`, ... */
  readonly scope: string;
  /** Of a pin. */
  readonly version?: string;
  /** First second at which it holds; absent: since before now. */
  readonly from?: number;
  /** First second at which it no longer holds; absent: until somebody ends it. */
  readonly until?: number;
  /** It holds outside of this. */
  readonly window?: UpdateWindow;
}

export const MAX_STANDING_PINS = 100;
export const MAX_STANDING_STOPS = 100;
export const MAX_STANDING_MINIMUMS = 100;
