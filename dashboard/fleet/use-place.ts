import { useEffect, useRef } from "preact/hooks";
import { leadBack } from "../shell/lead-back.ts";

interface ListPlace {
  readonly scroll: number;
  /** The row that had the focus. */
  readonly id: string | undefined;
}

/** Where somebody was in each list. */
const places = new Map<string, ListPlace>();
const MOST_PLACES = 50;

/** Going back to a list leads to where it was left: the same rows in sight, and the focus on the same one. */
export function usePlace(
  name: string,
  hasRows: boolean,
  body: { current: HTMLTableSectionElement | null },
): void {
  const restored = useRef<string>(undefined);
  useEffect(() => {
    const note = (): void => {
      // Who has left for another view is not at another place of this one.
      if (location.pathname !== "/fleet" || body.current?.isConnected !== true) return;
      const row = body.current?.contains(document.activeElement) === true ? document.activeElement : null;
      const id = row?.closest<HTMLElement>("tr[data-id]")?.dataset.id;
      places.delete(name);
      places.set(name, { scroll: scrollY, id });
      const [oldest] = places.keys();
      if (places.size > MOST_PLACES && oldest !== undefined) places.delete(oldest);
    };
    if (!hasRows) return;
    const place = places.get(name);
    const isBack = restored.current !== name && place !== undefined;
    restored.current = name;
    if (isBack) {
      leadBack("/fleet", () => {
        scrollTo({ top: place.scroll, behavior: "instant" });
        const row = body.current?.querySelector(`tr[data-id="${CSS.escape(place.id ?? "")}"] a`);
        if (row instanceof HTMLElement) row.focus({ preventScroll: true });
      });
    }
    addEventListener("scroll", note, { passive: true });
    document.addEventListener("focusin", note);
    return () => {
      removeEventListener("scroll", note);
      document.removeEventListener("focusin", note);
    };
  }, [name, hasRows, body]);
}
