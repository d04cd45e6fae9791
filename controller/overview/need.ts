import type { TenantScope } from "../fleet/store/fleet-store.ts";
import type { ChangeRequest, ChangeScope } from "../propose/change-request.ts";

/** What a person has to see to, in the order in which the page and the command line list it. */
export const NEED_KINDS = [
  "halted",
  "expired",
  "refused",
  "held-commit",
  "stalled",
  "held",
  "undecided",
  "below-minimum",
  "security-held",
  "disappeared",
  "silent",
  "stale",
  "expires",
  "pin-expired",
  "pin-expires",
  "damaged",
  "cloned",
  "proposed",
  "paused",
] as const;
export type NeedKind = (typeof NEED_KINDS)[number];

/** The badge of each kind: the same word on the page and on the command line. */
export const NEED_WORDS = {
  halted: "halted",
  expired: "expired",
  refused: "refused",
  "held-commit": "held",
  stalled: "stalled",
  held: "held",
  undecided: "undecided",
  "below-minimum": "below minimum",
  "security-held": "security held",
  disappeared: "disappeared",
  silent: "silent",
  stale: "stale",
  expires: "expires",
  "pin-expired": "pin expired",
  "pin-expires": "pin ends",
  damaged: "damaged",
  cloned: "cloned",
  proposed: "proposed",
  paused: "paused",
} as const satisfies Readonly<Record<NeedKind, string>>;

/** Those that cannot wait: a version is stopped, or nobody updates at all. */
const NOW_KINDS: readonly NeedKind[] = ["halted", "expired"];

export interface Need {
  /** Stays the same as long as the need does, so that whoever looks at it keeps their place. */
  readonly id: string;
  readonly kind: NeedKind;
  /** It cannot wait. */
  readonly isNow: boolean;
  /** Seconds since 1970; absent: nobody knows. */
  readonly since?: number;
  /** When it ends or expires by itself, where that is what it is about. */
  readonly at?: number;
  /** One line for people, without a full stop: what it is. What is copied stands between backticks, as in `why`. */
  readonly what: string;
  /** One or two sentences: why, and what is not broken. */
  readonly why: string;
  readonly subject: NeedSubject;
  readonly action: NeedAction;
  /** Where more of it is shown. */
  readonly link?: NeedLink;
  /** How many needs of the kind this row stands for, and the first of them; absent: it is one. */
  readonly folded?: number;
  readonly members?: readonly Need[];
}

/** What it is about, as far as it is known. */
export interface NeedSubject {
  readonly product?: string;
  readonly channel?: string;
  readonly version?: string;
  readonly commit?: string;
  /** Relative to the state root. */
  readonly file?: string;
  readonly line?: number;
  readonly tenant?: string;
  readonly site?: string;
  readonly devices?: number;
}

/** The one thing to do. */
export interface NeedAction {
  /** What the button says. */
  readonly label: string;
  /** Path on this controller. */
  readonly page?: string;
  /** The same on the command line: one of these. */
  readonly commands: readonly string[];
  /** The commits that do it, of which a person chooses one; absent: no commit does, or the asker may not propose one. */
  readonly proposals?: readonly NeedProposal[];
}

/** A commit that a person may look at before it is made. */
export interface NeedProposal {
  /** What the button says. */
  readonly label: string;
  /** What it is about. */
  readonly title: string;
  readonly change: NeedChange;
}

/** What `POST /api/v1/proposals` takes, but for what it was looked at on; a reason that is missing is asked for. */
export interface NeedChange extends ChangeScope {
  readonly kind: ChangeRequest["kind"];
  readonly version?: string;
  readonly platforms?: readonly string[];
  readonly reason?: string;
  readonly owner?: string;
  readonly expires?: string;
}

export interface NeedLink {
  readonly label: string;
  readonly page: string;
}

type GivenNeed = Omit<Need, "id" | "isNow">;

/** @param name what tells it from others of its kind */
export function need(name: string, given: GivenNeed): Need {
  return { id: `${given.kind}:${name}`, isNow: NOW_KINDS.includes(given.kind), ...given };
}

/**
 * What proposes these commits, for whoever may: a commit is about the fleet of all, so that those who are limited to tenants
 * are shown the commands alone.
 */
export function proposing(
  tenants: TenantScope,
  proposals: readonly NeedProposal[],
): Pick<NeedAction, "proposals"> {
  return tenants === null && proposals.length > 0 ? { proposals } : {};
}
