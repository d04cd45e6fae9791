import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, unreachable } from "./api-error.ts";
import { type ChangeKind, concerns } from "./change.ts";
import { type Answer, type Asked, urlOf } from "./client.ts";
import { type Asking, type Reading, readingOf, type Shown } from "./reading.ts";
import { Repeater } from "./repeater.ts";
import { useSession } from "./session.ts";
import type { Reads } from "./types.ts";

export interface ReadOptions {
  /** Changes upon which it is asked for again. A new manifest, or having been away, is always one. */
  readonly on?: readonly ChangeKind[];
  /** Of changes to devices, only those of this one count. */
  readonly about?: string;
  /** Asked for again every minute as well: what is told by silence is no change that anybody tells of. */
  readonly alsoByTime?: boolean;
  /** `false`: not asked for, and nothing is known. */
  readonly when?: boolean;
}

/** Milliseconds after which somebody is told that it takes its time. */
const SLOW_MS = 2_000;
/** Milliseconds within which what is shown is asked for again after a change, so that pages do not ask at once. */
const SPREAD_MS = 400;
/** Milliseconds after which it is asked again where an error may pass by itself. */
const RETRY_MS = 10_000;
/** Milliseconds after which what changes with the time alone is asked for again. */
const BY_TIME_MS = 60_000;
/** Answers that are kept, so that going back shows something at once. */
const MOST_KEPT = 60;

/**
 * What the API answers at a path, asked for again when it may have changed. Whatever was shown stays until there is
 * something newer.
 *
 *     const count = useRead("/api/v1/agents/count", { query: { product }, on: ["device"] });
 */
export function useRead<P extends keyof Reads>(path: P, asked: Asked<P> & ReadOptions): Reading<Answer<P>> {
  const { client, live } = useSession();
  const { on = [], about, alsoByTime = false, when = true } = asked;
  const url = urlOf(path, asked);
  const [shown, setShown] = useState<Shown<Answer<P>> | undefined>(() => recall<P>(url));
  const [asking, setAsking] = useState<Asking>({ url, isSlow: false, trouble: undefined });
  const [turn, setTurn] = useState(0);
  const question = useRef(asked);
  question.current = asked;

  const kinds = on.join(" ");
  useEffect(() => {
    if (!when) return;
    const kept = recall<P>(url);
    if (kept !== undefined) setShown(kept);
    setAsking((before) => ({
      url,
      isSlow: false,
      trouble: before.url === url ? before.trouble : undefined,
    }));
    const stop = new AbortController();
    const ask = async (): Promise<void> => {
      const slow = setTimeout(() => {
        if (!stop.signal.aborted) setAsking((before) => ({ ...before, isSlow: true }));
      }, SLOW_MS);
      try {
        const value = await client.get(path, question.current, stop.signal);
        if (stop.signal.aborted) return;
        const answered = { url, value, at: Date.now() };
        keep(answered);
        setShown(answered);
        setAsking({ url, isSlow: false, trouble: undefined });
      } catch (error) {
        if (stop.signal.aborted) return;
        const trouble = error instanceof ApiError ? error : unreachable();
        setAsking({ url, isSlow: false, trouble });
        if (trouble.mayPass) setTimeout(() => repeater.soon(), RETRY_MS);
      } finally {
        clearTimeout(slow);
      }
    };
    const repeater = new Repeater(ask, SPREAD_MS);
    void repeater.now();
    const unlisten = live.listen((change) => {
      if (concerns(change, kinds.split(" "), about)) repeater.soon();
    });
    const byTime = alsoByTime ? setInterval(() => repeater.soon(), BY_TIME_MS) : undefined;
    return () => {
      clearInterval(byTime);
      stop.abort();
      repeater.stop();
      unlisten();
    };
  }, [client, live, path, url, when, kinds, about, alsoByTime, turn]);

  const again = useCallback(() => setTurn((before) => before + 1), []);
  return readingOf(shown, asking, again);
}

/** Answers by their addresses, as text, since each address has a type of its own. */
const kept = new Map<string, { readonly at: number; readonly text: string }>();

function recall<P extends keyof Reads>(url: string): Shown<Answer<P>> | undefined {
  const found = kept.get(url);
  if (found === undefined) return undefined;
  const value: Answer<P> = JSON.parse(found.text);
  return { url, value, at: found.at };
}

function keep({ url, value, at }: Shown<unknown>): void {
  kept.delete(url);
  kept.set(url, { at, text: JSON.stringify(value) });
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

/** When another person signs in, nothing of the one before is shown. */
export function forgetAnswers(): void {
  kept.clear();
}
