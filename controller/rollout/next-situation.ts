import type { Halt, Pause } from "../../protocol/policy.ts";
import type { Ppm } from "../../protocol/share.ts";

/** What one rollout's next step depends on. Numbers are of the machines that the asker may know of. */
export interface NextSituation {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  /** Commands have to say which product where there are several. */
  readonly isOnlyProduct: boolean;
  /** When its waves begin to count, seconds since 1970. */
  readonly start: number;
  readonly now: number;
  /** Absent: there are no waves, everybody gets it at once. */
  readonly waves?: NextWaves;
  readonly hasCanary: boolean;
  readonly halted?: Halt;
  readonly paused?: { readonly scope: PauseScope; readonly pause: Pause };
  /** What holds everybody back for a while, also what has not begun; of this version's severity. */
  readonly freezes?: readonly ScopedFreeze[];
  /** Tenants whose machines do not have it, and are paused or frozen now: the tenant's own word, not that of all. */
  readonly held?: readonly HeldTenant[];
  /** What the channel points to is yanked; `fallback` is what it offers instead. */
  readonly yanked?: { readonly fallback?: string };
  /** The version that the release key allows to go back to. */
  readonly rollbackTo?: string;
  readonly machines: {
    readonly following: number;
    readonly canaries: number;
    readonly running: number;
    readonly failed: number;
    readonly waiting: number;
  };
  readonly platforms: readonly NextPlatform[];
  /** What the gate said last; absent: there is no gate, or the asker may not hear of it. */
  readonly gate?: {
    readonly verdict: "halt" | "proven" | "inconclusive";
    readonly reason: string;
    /** The platform that halted it, where the fleet as a whole would not. */
    readonly platform?: string;
    /** It would halt but for too many failures at one tenant: a person decides. */
    readonly isForPerson?: true;
  };
  /** Machines with what the failed ones share that have not tried it. */
  readonly alike?: { readonly what: string; readonly more: number; readonly isAtLeast: boolean };
  /** Tenants whose machines wait for a window that is closed now. */
  readonly windows: readonly {
    readonly tenant: string;
    readonly opensAt: number;
    readonly machines: number;
  }[];
  /** Whoever may not see all machines decides nothing for all. */
  readonly mayDecide: boolean;
}

export interface NextWaves {
  /** Shares and when their time comes, seconds since 1970. */
  readonly all: readonly { readonly ppm: Ppm; readonly at: number }[];
  readonly open: number;
  /** Share that may have it now, parts per million. */
  readonly share: Ppm;
  /** Share that might have it now if it were not halted, parts per million. */
  readonly dueShare: Ppm;
  readonly openedBy: "time" | "health" | "hand";
  readonly isLinear: boolean;
}

export interface NextPlatform {
  readonly platform: string;
  readonly following: number;
  readonly running: number;
  readonly failed: number;
}

/** A freeze that holds the whole channel. Seconds since 1970. */
export interface ScopedFreeze {
  readonly scope: PauseScope;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

export interface HeldTenant {
  readonly tenant: string;
  readonly by: "pause" | "freeze";
  /** Absent: until somebody ends it. */
  readonly until?: number;
  readonly machines: number;
}

export type PauseScope = "fleet" | "product" | "channel";

export const NEXT_KINDS = [
  "nothing-offered",
  "halted",
  "pending",
  "paused",
  "frozen",
  "canary",
  "by-time",
  "by-health",
  "by-hand",
  "held",
  "for-person",
  "last-wave",
  "window",
  "tenant-held",
  "done",
  "replaced",
] as const;
export type NextKind = (typeof NEXT_KINDS)[number];

export const CHOICE_KINDS = [
  "leave-out",
  "resume",
  "roll-back",
  "take-back",
  "advance",
  "unyank",
  "pause",
  "unpause",
] as const;

/** Something that a person may decide, with the commands that do it. */
export interface NextChoice {
  readonly kind: (typeof CHOICE_KINDS)[number];
  readonly title: string;
  readonly text: string;
  /** Machines that it moves at once. */
  readonly machines: number;
  /** In their order; each is a commit. */
  readonly commands: readonly string[];
}

export interface NextStep {
  readonly kind: NextKind;
  /** The answer, with a full stop. */
  readonly headline: string;
  /** What else there is to say of it; may be empty. */
  readonly text: string;
  /** When it happens by itself, seconds since 1970. */
  readonly at?: number;
  /** What a person has to decide, best first; empty where nobody has to. */
  readonly choices: readonly NextChoice[];
}
