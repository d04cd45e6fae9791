import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

/** Where the page is. */
export interface Place {
  readonly path: string;
  /** Beginning with `?`, or empty. */
  readonly search: string;
}

export interface Navigation {
  readonly place: Place;
  /** @param how `replace`: going back leaves out where it is now, as while a filter is typed */
  readonly go: (href: string, how?: "push" | "replace") => void;
  /** To where it was before, with its filters. @param otherwise where this tab was nowhere else in the page before */
  readonly back: (otherwise: string) => void;
}

export const NavigationContext = createContext<Navigation>({
  place: { path: "/", search: "" },
  go: () => undefined,
  back: () => undefined,
});

export function useNavigation(): Navigation {
  return useContext(NavigationContext);
}

/** What filters stand in the address, and how to change them. */
export function useQuery(): readonly [
  URLSearchParams,
  (next: URLSearchParams, how?: "push" | "replace") => void,
] {
  const { place, go } = useNavigation();
  const query = new URLSearchParams(place.search);
  return [
    query,
    (next, how = "push") => {
      const search = next.toString();
      go(search === "" ? place.path : `${place.path}?${search}`, how);
    },
  ];
}

/** Real addresses without loading anything anew: links and the browser's buttons work as they do everywhere. */
export function useBrowserNavigation(): Navigation {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const follow = (): void => setPlace(here());
    const press = (event: MouseEvent): void => {
      const href = internalLink(event);
      if (href === undefined) return;
      event.preventDefault();
      go(href);
    };
    addEventListener("popstate", follow);
    document.addEventListener("click", press);
    return () => {
      removeEventListener("popstate", follow);
      document.removeEventListener("click", press);
    };
  }, []);

  function go(href: string, how: "push" | "replace" = "push"): void {
    const url = new URL(href, location.href);
    if (how === "replace") history.replaceState(history.state, "", url);
    else if (url.href !== location.href) history.pushState(FROM_HERE, "", url);
    setPlace(here());
    if (url.hash !== "") document.getElementById(url.hash.slice(1))?.scrollIntoView();
  }
  function back(otherwise: string): void {
    if (history.state === null) go(otherwise);
    else history.back();
  }
  return { place, go, back };
}

/** Kept with each place that this page has led to. */
const FROM_HERE = "from here";

function here(): Place {
  return { path: location.pathname, search: location.search };
}

/** Where a press leads to, if that is in the page and in this tab. */
function internalLink(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || link.target !== "" || link.hasAttribute("download")) return undefined;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin) return undefined;
  // To another place on this view: the browser goes there by itself.
  if (url.hash !== "" && url.pathname === location.pathname && url.search === location.search)
    return undefined;
  // What the API answers is no view.
  return /^\/(api|tuf|targets|page|metrics|openapi\.json|healthz|readyz)(\/|$)/.test(url.pathname)
    ? undefined
    : url.href;
}
