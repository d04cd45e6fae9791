import { useEffect } from "preact/hooks";

/** What the tab is called: the answer of the view first, since tabs are narrow. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? "Fairlead" : `${title} · Fairlead`;
  }, [title]);
}
