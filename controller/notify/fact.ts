/**
 * What people are told of. A state lasts: its begin is told, that it still lasts now and then, and its end. What happened is
 * told once. `type` is the CloudEvents type (CloudEvents 1.0, 3.1.1), `ended` that of the end of a state.
 */
export const EVENTS = {
  promoted: { kind: "happening", type: "fairlead.channel.promoted" },
  finished: { kind: "happening", type: "fairlead.rollout.finished" },
  halted: { kind: "state", type: "fairlead.rollout.halted", ended: "fairlead.rollout.resumed" },
  held: { kind: "state", type: "fairlead.rollout.held", ended: "fairlead.rollout.released" },
  stale: { kind: "state", type: "fairlead.channel.stale", ended: "fairlead.channel.caught-up" },
  refused: { kind: "state", type: "fairlead.commit.refused", ended: "fairlead.commit.served" },
  "commit-held": { kind: "state", type: "fairlead.commit.held", ended: "fairlead.commit.served" },
  stalled: { kind: "state", type: "fairlead.controller.stalled", ended: "fairlead.controller.recovered" },
  "source-unseen": { kind: "state", type: "fairlead.source.unseen", ended: "fairlead.source.seen" },
  expiring: { kind: "state", type: "fairlead.role.expiring", ended: "fairlead.role.renewed" },
  expired: { kind: "state", type: "fairlead.role.expired", ended: "fairlead.role.renewed" },
  "below-minimum": { kind: "state", type: "fairlead.fleet.below-minimum", ended: "fairlead.fleet.way-found" },
  silent: { kind: "state", type: "fairlead.fleet.silent", ended: "fairlead.fleet.back" },
} as const;

export type EventName = keyof typeof EVENTS;
export const EVENT_NAMES: readonly EventName[] = Object.keys(EVENTS).filter(isEventName);

export function isEventName(text: string): text is EventName {
  return Object.hasOwn(EVENTS, text);
}

/** What a fact is about; what does not apply is absent. */
export interface Subject {
  readonly product?: string;
  readonly channel?: string;
  readonly version?: string;
  readonly commit?: string;
  readonly role?: string;
}

/** Something that is so now, or that has happened. Texts are one line each, printable, for people. */
export interface Fact {
  /** What it is about: of two facts with one key, the later takes the place of the earlier. */
  readonly key: string;
  /** Which one of its kind: another variant is news again. */
  readonly variant: string;
  readonly event: EventName;
  readonly subject: Subject;
  /** Since when, or when; seconds since 1970. */
  readonly at: number;
  readonly title: string;
  readonly lines: readonly string[];
  /** Where the page shows it. */
  readonly page: string;
  /** Too little to be told; where it was told, it has not ended either. */
  readonly isFaint?: true;
}

/** Facts that come from one place. */
export interface Area {
  readonly name: string;
  readonly facts: readonly Fact[];
  /**
   * The place has answered since the start: what is not among its facts is not so. Otherwise nobody knows, and nothing of
   * it has ended.
   */
  readonly isKnown: boolean;
  /** How something of it that was told ended; asked when it has. */
  readonly endOf?: (told: Ended) => string | undefined;
}

/** What is known of a state that has ended. */
export interface Ended {
  readonly event: EventName;
  readonly subject: Subject;
}

export type Phase = "happened" | "began" | "lasts" | "ended";

/** What one receiver is told. */
export interface News {
  /** The same for every receiver and at every attempt, so that a receiver can drop what it has. */
  readonly id: string;
  /** The same for the begin of a state, its repetitions and its end. */
  readonly thread: string;
  readonly event: EventName;
  readonly phase: Phase;
  readonly subject: Subject;
  /** When it became so, seconds since 1970. */
  readonly at: number;
  readonly title: string;
  readonly lines: readonly string[];
  readonly page: string;
}

/** The CloudEvents type of what is told. */
export function typeOf({ event, phase }: Pick<News, "event" | "phase">): string {
  const described = EVENTS[event];
  return phase === "ended" && described.kind === "state" ? described.ended : described.type;
}
