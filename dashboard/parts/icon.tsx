import type { ComponentChildren, JSX } from "preact";

/**
 * Every shape of the page, 16 by 16, drawn with the colour of the text around it. A state has a shape of its own, so that
 * nobody has to tell colours apart. `solid` is filled; `cut` shows what is under it.
 */
const SHAPES = {
  halted: (
    <>
      <path class="solid" d="M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2z" />
      <path class="cut" d="M5 8h6" stroke-width="2" />
    </>
  ),
  refused: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m3.8 12.2 8.4-8.4" />
    </>
  ),
  failed: (
    <>
      <circle class="solid" cx="8" cy="8" r="6.6" />
      <path class="cut" d="m5.7 5.7 4.6 4.6M10.3 5.7l-4.6 4.6" stroke-width="1.8" />
    </>
  ),
  held: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M6.4 5.8v4.4M9.6 5.8v4.4" />
    </>
  ),
  frozen: (
    <path d="M8 1.8v12.4M2.6 4.9l10.8 6.2M13.4 4.9 2.6 11.1M6.2 2.9 8 4.6l1.8-1.7M6.2 13.1 8 11.4l1.8 1.7" />
  ),
  "below-minimum": <path d="M2.2 3h11.6M8 13.2V6.2M5.2 10.6 8 13.4l2.8-2.8" />,
  silent: <circle cx="8" cy="8" r="6.2" stroke-dasharray="1.6 2.3" />,
  stale: (
    <path d="M4 2h8M4 14h8M5 2v2.2c0 1.6 3 2.4 3 3.8s-3 2.2-3 3.8V14M11 2v2.2c0 1.6-3 2.4-3 3.8s3 2.2 3 3.8V14" />
  ),
  expires: (
    <>
      <circle cx="5.2" cy="8" r="3" />
      <path d="M8.2 8h6M12 8v2.6" />
    </>
  ),
  done: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.3 8.2 1.9 1.9 3.5-3.9" />
    </>
  ),
  "put-back": (
    <>
      <path d="M5.5 3 2.5 6l3 3" />
      <path d="M2.5 6h7a4 4 0 0 1 0 8H7" />
    </>
  ),
  moving: (
    <>
      <path d="M8 1.8a6.2 6.2 0 1 1-6.2 6.2" />
      <path d="M8 5v6M5.6 8.6 8 11l2.4-2.4" />
    </>
  ),
  waiting: (
    <>
      <rect x="2" y="3" width="12" height="11" rx="1.5" />
      <path d="M2 6.5h12M5.5 1.5v3M10.5 1.5v3" />
    </>
  ),
  dot: <circle class="solid" cx="8" cy="8" r="3" />,
  disc: <circle class="solid" cx="8" cy="8" r="4" />,
  ring: <circle cx="8" cy="8" r="4" />,
  commit: (
    <>
      <circle cx="8" cy="8" r="2.6" />
      <path d="M1.5 8h3.9M10.6 8h3.9" />
    </>
  ),
  waves: <path d="M2 12.5h3.5V9H9V5.5h5" />,
  pin: <path d="M8 9.5V15M4.5 9.5h7L10 6.5V2H6v4.5z" />,
  chose: <path d="M4 6.3h8M4 9.7h8" />,
  up: <path d="M8 13V3M4 7l4-4 4 4" />,
  down: <path d="m4 6 4 4 4-4" />,
  right: <path d="m6 4 4 4-4 4" />,
  plus: <path d="M8 3.5v9M3.5 8h9" />,
  minus: <path d="M3.5 8h9" />,
  close: <path d="m4.5 4.5 7 7M11.5 4.5l-7 7" />,
  check: <path d="m3.5 8.4 3 3 6-6.6" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 3.5v-1h-8v8h1" />
    </>
  ),
  prompt: (
    <>
      <path d="m3 4.5 3.5 3.5L3 11.5M8.5 11.5H13" />
    </>
  ),
  find: (
    <>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.3 10.3 3.2 3.2" />
    </>
  ),
  theme: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path class="solid" d="M8 2a6 6 0 0 1 0 12z" />
    </>
  ),
  person: (
    <>
      <circle cx="8" cy="5.6" r="2.8" />
      <path d="M2.8 14c.5-2.8 2.5-4.2 5.2-4.2s4.7 1.4 5.2 4.2" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M6.2 6.4c0-1 .8-1.7 1.8-1.7s1.8.7 1.8 1.6c0 1.3-1.8 1.4-1.8 2.7M8 11.2v.1" />
    </>
  ),
} as const satisfies Readonly<Record<string, JSX.Element>>;

export type IconName = keyof typeof SHAPES;

/** Colours of states; `quiet`: nobody needs to look. */
export type Tone = "halt" | "held" | "warn" | "ok" | "quiet";

interface IconProps {
  readonly name: IconName;
  /** Colour, where the text around it has another. */
  readonly tone?: Tone | "accent";
  /** What it says, where no word stands beside it. */
  readonly label?: string;
}

export function Icon({ name, tone, label }: IconProps): JSX.Element {
  const classes = tone === undefined ? "i" : `i ${tone === "quiet" ? "q" : tone}`;
  const shape = <use href={`#i-${name}`} />;
  if (label === undefined) {
    return (
      <svg class={classes} viewBox="0 0 16 16" aria-hidden="true">
        {shape}
      </svg>
    );
  }
  return (
    <svg class={classes} viewBox="0 0 16 16" role="img" aria-label={label}>
      {shape}
    </svg>
  );
}

/** Once in the page: what `Icon` refers to. */
export function IconSprite(): JSX.Element {
  return (
    <svg width="0" height="0" hidden aria-hidden="true">
      {Object.entries(SHAPES).map(([name, shape]: [string, ComponentChildren]) => (
        <symbol key={name} id={`i-${name}`} viewBox="0 0 16 16">
          {shape}
        </symbol>
      ))}
    </svg>
  );
}
