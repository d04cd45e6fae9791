import { useKeys } from "../shell/use-keys.ts";

const ROWS = "main [data-row]";

/** `j` and `k` go from row to row through all lists of the view; Enter presses what has the focus, as everywhere. */
export function useRowKeys(): void {
  useKeys({ j: () => moveBy(1), k: () => moveBy(-1) });
}

function moveBy(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at === -1 ? (step === 1 ? 0 : rows.length - 1) : at + step;
  const row = rows[next];
  row?.querySelector<HTMLElement>("[data-open], a, button")?.focus();
  row?.scrollIntoView({ block: "nearest" });
}
