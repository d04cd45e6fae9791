import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, unreachable } from "../api/api-error.ts";
import { concerns } from "../api/change.ts";
import { useSession } from "../api/session.ts";
import { type FleetFilter, filterQuery, writeFilter } from "./fleet-filter.ts";
import { type Agent, mergeRows } from "./fleet-rows.ts";

/** Rows that are read at a time, and that are shown at most: more is another page. */
export const PAGE = 100;
export const MOST_SHOWN = 1_000;
/** Milliseconds between two times that changes have the list read again. */
const PACE_MS = 3_000;

/** What is shown of a list. */
interface Shown {
  /** The address of the filter that it answers. */
  readonly of: string;
  readonly rows: readonly Agent[];
  readonly next: string | undefined;
  /** Keys of the pages before this one, and of this one; `undefined`: from the beginning. */
  readonly starts: readonly (string | undefined)[];
  readonly news: number;
  readonly left: ReadonlySet<string>;
  /** What a reading brought that has not been shown yet, since somebody is at the list. */
  readonly fresh: { readonly rows: readonly Agent[]; readonly next: string | undefined } | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface List extends Omit<Shown, "of" | "fresh"> {
  readonly isOther: boolean;
  readonly isReading: boolean;
  readonly isSlow: boolean;
  readonly trouble: ApiError | undefined;
  readonly again: () => void;
  readonly more: () => void;
  /** The next page of many rows, and back. */
  readonly forward: () => void;
  readonly back: () => void;
  /** Shows what came meanwhile. */
  readonly showNews: () => void;
}

/** Lists that were shown, by their filters: going back shows the same place at once. */
const kept = new Map<string, Shown>();
const MOST_KEPT = 8;

/**
 * The machines of a filter, page after page, read again upon changes: no row moves while somebody is at the list.
 *
 * @param isBusy asked when something new has come
 * @returns `undefined` before anything is known
 */
export function useList(filter: FleetFilter, isBusy: () => boolean): List | ApiError | undefined {
  const { client, live } = useSession();
  const name = writeFilter(filter).toString();
  const [shown, setShown] = useState<Shown | undefined>(() => kept.get(name));
  const [asking, setAsking] = useState<{ readonly isReading: boolean; readonly trouble?: ApiError }>({
    isReading: false,
  });
  const [isSlow, setSlow] = useState(false);
  const current = useRef({ shown, filter, name, isBusy });
  current.current = { shown, filter, name, isBusy };
  const stop = useRef<AbortController>(undefined);

  const show = useCallback((next: Shown): void => {
    kept.delete(next.of);
    kept.set(next.of, next);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    setShown(next);
  }, []);

  /** @param starts where the page begins, last in the list @param rows that stand before what is read */
  const read = useCallback(
    (kind: "first" | "again" | "more" | "page", starts: readonly (string | undefined)[]): void => {
      const { shown: before, filter: asked, name: of } = current.current;
      stop.current?.abort();
      const aborter = new AbortController();
      stop.current = aborter;
      setAsking({ isReading: true });
      const slow = setTimeout(() => setSlow(true), 2_000);
      const isMore = kind === "more" && before !== undefined;
      const after = isMore ? before.next : starts.at(-1);
      const limit = kind === "again" ? Math.max(PAGE, before?.rows.length ?? 0) : PAGE;
      const query = {
        ...filterQuery(asked),
        limit: Math.min(limit, MOST_SHOWN),
        ...(asked.sort === undefined ? {} : { sort: asked.sort }),
        ...(after === undefined ? {} : { after }),
      };
      client
        .get("/api/v1/agents", { query }, aborter.signal)
        .then(({ agents, next }) => {
          const same = before?.of === of ? before : undefined;
          const base = { of, starts, at: Date.now(), fresh: undefined };
          if (isMore && same !== undefined) {
            const known = new Set(same.rows.map(({ id }) => id));
            const rows = [...same.rows, ...agents.filter(({ id }) => !known.has(id))];
            show({ ...base, rows, next, news: same.news, left: same.left });
          } else {
            const isQuiet = kind === "again" && same !== undefined && current.current.isBusy();
            const merged = mergeRows(same?.rows ?? [], agents, isQuiet);
            const waits = isQuiet && (merged.news > 0 || merged.left.size > 0);
            show({
              ...base,
              ...merged,
              next: isQuiet ? same.next : next,
              fresh: waits ? { rows: agents, next } : undefined,
            });
          }
          setAsking({ isReading: false });
        })
        .catch((error: unknown) => {
          if (aborter.signal.aborted) return;
          setAsking({ isReading: false, trouble: error instanceof ApiError ? error : unreachable() });
        })
        .finally(() => {
          clearTimeout(slow);
          if (!aborter.signal.aborted) setSlow(false);
        });
    },
    [client, show],
  );

  useEffect(() => {
    const before = kept.get(name);
    if (before !== undefined) setShown(before);
    current.current = { ...current.current, shown: before ?? current.current.shown };
    read(before === undefined ? "first" : "again", before?.starts ?? [undefined]);
    return () => stop.current?.abort();
  }, [name, read]);

  const again = useCallback(() => read("again", current.current.shown?.starts ?? [undefined]), [read]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = live.listen((change) => {
      if (!concerns(change, ["device", "attempt", "request"], undefined)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        again();
      }, PACE_MS);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [live, again]);

  if (shown === undefined) return asking.trouble;
  const { of, fresh, ...rest } = shown;
  return {
    ...rest,
    ...{ isOther: of !== name, isReading: asking.isReading, isSlow, trouble: asking.trouble, again },
    more: () => read("more", shown.starts),
    forward: () => read("page", [...shown.starts, shown.next]),
    back: () => read("page", shown.starts.slice(0, -1)),
    showNews: () => {
      if (fresh !== undefined) show({ ...shown, ...fresh, news: 0, left: new Set(), fresh: undefined });
    },
  };
}
