import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName, type Tone } from "./icon.tsx";

/** States that have a word of their own everywhere: in the page, the CLI and the API. */
export type BadgeState =
  | "halted"
  | "refused"
  | "failed"
  | "held"
  | "paused"
  | "below-minimum"
  | "silent"
  | "stale"
  | "expires"
  | "done"
  | "put-back"
  | "moving"
  | "waiting";

const LOOKS: Readonly<
  Record<BadgeState, { readonly icon: IconName; readonly tone: Tone; readonly word: string }>
> = {
  halted: { icon: "halted", tone: "halt", word: "Halted" },
  refused: { icon: "refused", tone: "halt", word: "Refused" },
  failed: { icon: "failed", tone: "halt", word: "Failed" },
  held: { icon: "held", tone: "held", word: "Held" },
  paused: { icon: "held", tone: "held", word: "Paused" },
  "below-minimum": { icon: "below-minimum", tone: "warn", word: "Below minimum" },
  silent: { icon: "silent", tone: "warn", word: "Silent" },
  stale: { icon: "stale", tone: "warn", word: "Stale" },
  expires: { icon: "expires", tone: "warn", word: "Expires" },
  done: { icon: "done", tone: "ok", word: "Done" },
  "put-back": { icon: "put-back", tone: "quiet", word: "Put back" },
  moving: { icon: "moving", tone: "quiet", word: "Moving" },
  waiting: { icon: "waiting", tone: "quiet", word: "Waiting" },
};

interface BadgeProps {
  readonly state: BadgeState;
  /** On a ground of its own, as in the head of a view. */
  readonly box?: boolean;
  /** Another word than the usual one, such as `healthy`. */
  readonly children?: ComponentChildren;
}

/** Shape, word, colour, in this order of weight. */
export function Badge({ state, box = false, children }: BadgeProps): JSX.Element {
  const { icon, tone, word } = LOOKS[state];
  return (
    <span class={`badge ${tone}${box ? " box" : ""}`}>
      <Icon name={icon} />
      {children ?? word}
    </span>
  );
}

/** The shape alone, where the word stands elsewhere in the row; it is said all the same. */
export function StateIcon({ state }: { readonly state: BadgeState }): JSX.Element {
  const { icon, tone, word } = LOOKS[state];
  return <Icon name={icon} tone={tone} label={word} />;
}
