/** The addresses of the page, and what each shows. The controller answers the page to these and no others. */

export type Route =
  | { readonly view: "overview" }
  | { readonly view: "rollouts" }
  | { readonly view: "rollout"; readonly product: string; readonly channel: string }
  | { readonly view: "fleet" }
  | { readonly view: "device"; readonly id: string }
  | { readonly view: "history" }
  | { readonly view: "commit"; readonly commit: string }
  | { readonly view: "plan" }
  | { readonly view: "nowhere" };

/** Which part of the bar at the top a view belongs to. */
export type Area = "overview" | "rollouts" | "fleet" | "history";

/** @param path of an address, beginning with `/` */
export function routeOf(path: string): Route {
  const parts = decodeParts(path);
  if (parts === undefined) return { view: "nowhere" };
  const [area, first, second, ...rest] = parts;
  if (rest.length > 0) return { view: "nowhere" };
  switch (area) {
    case undefined:
      return { view: "overview" };
    case "rollouts":
      if (first === undefined) return { view: "rollouts" };
      return second === undefined
        ? { view: "nowhere" }
        : { view: "rollout", product: first, channel: second };
    case "fleet":
      return first === undefined ? { view: "fleet" } : { view: "nowhere" };
    case "devices":
      return first === undefined || second !== undefined
        ? { view: "nowhere" }
        : { view: "device", id: first };
    case "history":
      if (second !== undefined) return { view: "nowhere" };
      return first === undefined ? { view: "history" } : { view: "commit", commit: first };
    case "plan":
      return first === undefined ? { view: "plan" } : { view: "nowhere" };
    default:
      return { view: "nowhere" };
  }
}

/** `undefined`: it cannot be read. */
function decodeParts(path: string): string[] | undefined {
  try {
    return path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

export function areaOf({ view }: Route): Area | undefined {
  switch (view) {
    case "overview":
      return "overview";
    case "rollouts":
    case "rollout":
      return "rollouts";
    case "fleet":
    case "device":
      return "fleet";
    case "history":
    case "commit":
    case "plan":
      return "history";
    case "nowhere":
      return undefined;
  }
}

/** Where a view is one of many, the address of the many. */
export function pathAbove({ view }: Route): string | undefined {
  switch (view) {
    case "rollout":
      return "/rollouts";
    case "device":
      return "/fleet";
    case "commit":
    case "plan":
      return "/history";
    default:
      return undefined;
  }
}

export function rolloutPath(product: string, channel: string): string {
  return `/rollouts/${encodeURIComponent(product)}/${encodeURIComponent(channel)}`;
}

export function devicePath(id: string): string {
  return `/devices/${encodeURIComponent(id)}`;
}

export function commitPath(commit: string): string {
  return `/history/${encodeURIComponent(commit)}`;
}

/** @param query filters by name; those without a value are left out */
export function fleetPath(query: Readonly<Record<string, string | undefined>> = {}): string {
  return withQuery("/fleet", query);
}

export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.append(name, String(value));
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}
