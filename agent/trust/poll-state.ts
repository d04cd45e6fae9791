import { ProtocolError } from "../../protocol/protocol-error.ts";
import { integer, object, optional, parseJson, text } from "../../protocol/read-json.ts";
import { CLOCK_TOLERANCE_SECONDS } from "./limits.ts";
import type { MetadataStore } from "./metadata-store.ts";
import { TrustError } from "./trust-error.ts";

/** What the client remembers beside the metadata itself. */
export interface PollState {
  /** The latest time at which a repository was verified, in seconds since 1970. */
  readonly latestKnownTime: number;
  /** Validator of the stored timestamp; only after a whole refresh. */
  readonly timestampEtag?: string;
}

/** Has no `.json`, so that no role's file can have the same name. */
const FILE = "poll-state";
const MAX_BYTES = 64 * 1024;
/** A longer entity tag is not worth a place on disk: the next poll is then unconditional. */
const MAX_ETAG = 1024;
/** Writing costs a sync: a quiet poll only writes once an hour. */
const WRITE_EVERY_SECONDS = 3600;

const reader = object({ latestKnownTime: integer(0), timestampEtag: optional(text({ max: MAX_BYTES })) });

/** A state that cannot be read counts as absent: it costs a full refresh, and the metadata keeps its own floor. */
export function loadPollState(store: MetadataStore): PollState {
  const bytes = store.read(FILE, MAX_BYTES);
  if (bytes === undefined) return { latestKnownTime: 0 };
  try {
    // The tag came from a server, and the time must not be lost with it.
    return withoutLongTag(reader(parseJson(bytes, MAX_BYTES), ""));
  } catch (error) {
    if (error instanceof ProtocolError) return { latestKnownTime: 0 };
    throw error;
  }
}

/** Stores what changed. */
export function savePollState(store: MetadataStore, before: PollState, next: PollState): PollState {
  const after = withoutLongTag(next);
  const quiet =
    before.timestampEtag === after.timestampEtag &&
    after.latestKnownTime - before.latestKnownTime < WRITE_EVERY_SECONDS;
  if (quiet) return before;
  store.write(FILE, Buffer.from(`${JSON.stringify(after)}\n`));
  return after;
}

function withoutLongTag({ latestKnownTime, timestampEtag }: PollState): PollState {
  const isKept = timestampEtag !== undefined && timestampEtag.length <= MAX_ETAG;
  return isKept ? { latestKnownTime, timestampEtag } : { latestKnownTime };
}

/**
 * The time to judge expiry by: never before the latest known one, or setting a clock back would revive what expired.
 *
 * @throws TrustError `trust/clock-backward` where the clock is behind by more than time synchronisation explains
 */
export function requireForwardClock(state: PollState, now: number): number {
  if (now + CLOCK_TOLERANCE_SECONDS < state.latestKnownTime) {
    const known = new Date(state.latestKnownTime * 1000).toISOString();
    const got = new Date(now * 1000).toISOString();
    throw new TrustError("trust/clock-backward", `expected a clock at ${known} or later, got ${got}`, {
      help: "set this machine's clock; it has verified a repository at that later time already",
    });
  }
  return Math.max(now, state.latestKnownTime);
}
