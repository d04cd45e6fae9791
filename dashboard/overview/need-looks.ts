import type { Need } from "../api/types.ts";
import type { IconName, Tone } from "../parts/icon.tsx";

interface NeedLook {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly word: string;
}

/** The badge of each kind of need: shape, colour, and the word that the command line uses too. */
export const NEED_LOOKS = {
  halted: { icon: "halted", tone: "halt", word: "Halted" },
  expired: { icon: "expires", tone: "halt", word: "Expired" },
  refused: { icon: "refused", tone: "halt", word: "Refused" },
  "held-commit": { icon: "held", tone: "held", word: "Held" },
  stalled: { icon: "failed", tone: "halt", word: "Stalled" },
  held: { icon: "held", tone: "held", word: "Held" },
  undecided: { icon: "held", tone: "held", word: "Undecided" },
  "below-minimum": { icon: "below-minimum", tone: "warn", word: "Below minimum" },
  "security-held": { icon: "held", tone: "warn", word: "Security held" },
  disappeared: { icon: "silent", tone: "warn", word: "Disappeared" },
  silent: { icon: "silent", tone: "warn", word: "Silent" },
  stale: { icon: "stale", tone: "warn", word: "Stale" },
  expires: { icon: "expires", tone: "warn", word: "Expires" },
  "pin-expired": { icon: "pin", tone: "warn", word: "Pin expired" },
  "pin-expires": { icon: "pin", tone: "warn", word: "Pin ends" },
  damaged: { icon: "failed", tone: "halt", word: "Damaged" },
  cloned: { icon: "copy", tone: "warn", word: "Cloned" },
  proposed: { icon: "commit", tone: "quiet", word: "Proposed" },
  paused: { icon: "held", tone: "held", word: "Paused" },
} as const satisfies Readonly<Record<Need["kind"], NeedLook>>;
