import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, unreachable } from "../api/api-error.ts";
import { useSession } from "../api/session.ts";
import type { BulkAnswer, BulkCancelBody } from "../api/types.ts";
import { type FleetFilter, wholeFilter, writeFilter } from "./fleet-filter.ts";
import { between } from "./fleet-rows.ts";

/** Machines that were chosen one by one, or all that a filter lets through. */
export type Selected =
  | { readonly kind: "ids"; readonly ids: ReadonlySet<string> }
  | { readonly kind: "filter"; readonly total: number };

/** What is known of an update of the selection. */
export type Verdict =
  | { readonly kind: "none" }
  | { readonly kind: "asking" }
  | { readonly kind: "would"; readonly answer: BulkAnswer }
  | { readonly kind: "doing"; readonly answer: BulkAnswer }
  | { readonly kind: "did"; readonly answer: BulkAnswer }
  | { readonly kind: "cancelled"; readonly cancelled: number }
  | { readonly kind: "failed"; readonly trouble: ApiError };

export interface Selection {
  readonly selected: Selected;
  readonly verdict: Verdict;
  readonly has: (id: string) => boolean;
  readonly size: number;
  /** @param upTo all from the one that was chosen last */
  readonly toggle: (id: string, upTo: boolean) => void;
  readonly toggleAll: () => void;
  readonly takeFilter: (total: number) => void;
  readonly clear: () => void;
  readonly update: () => void;
  readonly cancel: () => void;
}

/** As many as one request names. */
export const MOST_IDS = 1_000;
/** Milliseconds after the last change before it is asked what would happen. */
const PAUSE_MS = 250;

const NOBODY: Selected = { kind: "ids", ids: new Set() };
/** Selections by filters: opening a machine and going back loses none. */
const kept = new Map<string, Selected>();

/**
 * What is selected, and what an update of it would do before anybody presses the button.
 *
 * @param shown ids of the list, in its order
 * @param may   whether the person may ask for it
 */
export function useSelection(filter: FleetFilter, shown: readonly string[], may: boolean): Selection {
  const { client } = useSession();
  const name = writeFilter(filter).toString();
  const [state, setState] = useState<{ readonly of: string; readonly selected: Selected }>(() => ({
    of: name,
    selected: kept.get(name) ?? NOBODY,
  }));
  const [verdict, setVerdict] = useState<Verdict>({ kind: "none" });
  const last = useRef<string>(undefined);
  // What was chosen under one filter is nothing that another one shows.
  const selected = state.of === name ? state.selected : (kept.get(name) ?? NOBODY);
  const size = selected.kind === "ids" ? selected.ids.size : selected.total;

  const choose = useCallback(
    (next: Selected): void => {
      kept.clear();
      if (next.kind === "filter" || next.ids.size > 0) kept.set(name, next);
      setState({ of: name, selected: next });
    },
    [name],
  );

  const chosen = selected.kind === "ids" ? [...selected.ids].join(" ") : "filter";
  useEffect(() => {
    if (size === 0 || !may) {
      setVerdict({ kind: "none" });
      return;
    }
    let isOver = false;
    setVerdict({ kind: "asking" });
    const timer = setTimeout(() => {
      client.send("POST /api/v1/agents/update", { body: { ...bodyOf(selected, filter), dryRun: true } }).then(
        (answer) => !isOver && setVerdict({ kind: "would", answer }),
        (error: unknown) => !isOver && setVerdict({ kind: "failed", trouble: troubleOf(error) }),
      );
    }, PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
    // The selection is what it names, and the filter its address.
  }, [chosen, name, may, client]);

  const has = (id: string): boolean => selected.kind === "filter" || selected.ids.has(id);
  return {
    ...{ selected, verdict, has, size },
    toggle(id, upTo) {
      const ids = selected.kind === "ids" ? new Set(selected.ids) : new Set(shown);
      const range = upTo ? between(shown, last.current, id) : [id];
      const isTaken = upTo || !ids.has(id);
      for (const one of range) {
        if (isTaken) ids.add(one);
        else ids.delete(one);
      }
      last.current = id;
      choose({ kind: "ids", ids });
    },
    toggleAll() {
      const isAll = shown.every(has);
      choose(isAll ? NOBODY : { kind: "ids", ids: new Set(shown.slice(0, MOST_IDS)) });
    },
    takeFilter: (total) => choose({ kind: "filter", total }),
    clear: () => choose(NOBODY),
    update() {
      if (verdict.kind !== "would" || verdict.answer.moving === 0) return;
      const { answer } = verdict;
      setVerdict({ kind: "doing", answer });
      const body = { ...bodyOf(selected, filter), atMost: answer.moving };
      client.send("POST /api/v1/agents/update", { body }).then(
        (done) => setVerdict({ kind: "did", answer: done }),
        (error: unknown) => setVerdict({ kind: "failed", trouble: troubleOf(error) }),
      );
    },
    cancel() {
      client.send("POST /api/v1/agents/cancel", { body: bodyOf(selected, filter) }).then(
        ({ cancelled }) => setVerdict({ kind: "cancelled", cancelled }),
        (error: unknown) => setVerdict({ kind: "failed", trouble: troubleOf(error) }),
      );
    },
  };
}

function bodyOf(selected: Selected, filter: FleetFilter): BulkCancelBody {
  const product = filter.product === undefined ? {} : { product: filter.product };
  if (selected.kind === "ids") return { ids: [...selected.ids].slice(0, MOST_IDS), ...product };
  return { filter: wholeFilter(filter), ...product };
}

function troubleOf(error: unknown): ApiError {
  return error instanceof ApiError ? error : unreachable();
}
