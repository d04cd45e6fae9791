import { useRef } from "preact/hooks";
import { useKeys } from "../shell/use-keys.ts";
import type { Selection } from "./use-selection.ts";

/** The keyboard moves the focus from row to row: what has it is open to every other key. */
export function useListKeys(
  body: { current: HTMLTableSectionElement | null },
  selection: Selection,
  openFilter: () => void,
): void {
  const last = useRef<string>(undefined);
  const links = (): HTMLAnchorElement[] => [
    ...(body.current?.querySelectorAll<HTMLAnchorElement>("th.id a") ?? []),
  ];
  const rowOf = (element: Element | null): HTMLElement | null =>
    element?.closest<HTMLElement>("tr[data-id]") ?? null;
  const currentId = (): string | undefined => {
    const row = rowOf(document.activeElement);
    return (
      (row !== null && body.current?.contains(row) === true ? row.dataset.id : undefined) ?? last.current
    );
  };
  const move = (step: number): void => {
    const all = links();
    const at = all.findIndex((link) => rowOf(link)?.dataset.id === currentId());
    const next =
      all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
    next?.focus({ preventScroll: true });
    next?.closest("tr")?.scrollIntoView({ block: "nearest" });
    last.current = rowOf(next ?? null)?.dataset.id;
  };
  const take = (upTo: boolean): void => {
    const id = currentId();
    if (id !== undefined) selection.toggle(id, upTo);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    x: () => take(false),
    "Shift+x": () => take(true),
    f: () => {
      const isNarrow = matchMedia("(max-width: 1279px)").matches;
      if (isNarrow) openFilter();
      else document.getElementById("fleet-search")?.focus();
    },
    u: () => document.getElementById("update-selection")?.focus(),
  });
}
