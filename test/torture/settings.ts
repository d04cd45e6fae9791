import { parseArgs } from "node:util";

export const PARTS = ["kills", "double-kills", "refusals", "power-cuts", "metadata"] as const;
export type Part = (typeof PARTS)[number];

export interface Settings {
  readonly seed: number;
  readonly parts: readonly Part[];
  /** Of each scenario at most so many points, chosen by the seed; absent: all. */
  readonly points?: number;
  /** Killed twice, over all scenarios of a format. */
  readonly doubles: number;
  readonly jobs: number;
  /** Only scenarios whose name has this in it, or one of several with commas. */
  readonly scenario: string;
  /** Only points whose label has this in it, to repeat what was found; absent: all. */
  readonly at?: string;
  /** Only this format. */
  readonly format: string;
  /** Puts the figures into docs/reliability.md. */
  readonly write: boolean;
}

export const USAGE = `npm run torture - faults at every step of the agent, for real

USAGE
  npm run torture -- [--seed N] [--only PART,..] [--scenario TEXT] [--format NAME]
                     [--points N] [--at TEXT] [--doubles N] [--jobs N] [--write]

PARTS
  kills         SIGKILL at each call that changes the disk; needs strace
  double-kills  and again while the next start recovers
  refusals      each of those calls refused: ENOSPC, EIO, EACCES, EROFS, EXDEV
  power-cuts    XFS shut down at each of those calls; needs xfsprogs, and to be root
  metadata      each byte of each metadata file changed, each length cut

OPTIONS
  --seed N      chooses points, pairs and bits (1)
  --points N    at most so many points of each scenario; all of them unless given
  --at TEXT     only points that have this in their name, as findings tell it
  --doubles N   kills that are followed by a second one, over all scenarios (1000)
  --jobs N      at once (2)
  --write       put the figures into docs/reliability.md

EXIT CODES
  0  nothing was found    1  something was    2  wrong use
`;

/** @returns `undefined` where help was asked for @throws TypeError */
export function readSettings(args: readonly string[]): Settings | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "1" },
      only: { type: "string", default: PARTS.join(",") },
      scenario: { type: "string", default: "" },
      format: { type: "string", default: "" },
      points: { type: "string" },
      at: { type: "string" },
      doubles: { type: "string", default: "1000" },
      jobs: { type: "string", default: "2" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const parts = values.only.split(",").map((name) => {
    const part = PARTS.find((one) => one === name);
    if (part === undefined) throw new TypeError(`--only takes ${PARTS.join(", ")}, not \`${name}\``);
    return part;
  });
  const { scenario, format, write, at } = values;
  return {
    ...{ parts, scenario, format, write },
    ...(at === undefined ? {} : { at }),
    seed: wholeNumber("seed", values.seed),
    doubles: wholeNumber("doubles", values.doubles),
    jobs: Math.max(1, wholeNumber("jobs", values.jobs)),
    ...(values.points === undefined ? {} : { points: wholeNumber("points", values.points) }),
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new TypeError(`--${name} takes a whole number, not \`${text}\``);
}
