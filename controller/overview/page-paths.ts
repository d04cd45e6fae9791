/** Paths of the page that needs lead to. */

export function rolloutPage(product: string, channel: string): string {
  return `/rollouts/${encodeURIComponent(product)}/${encodeURIComponent(channel)}`;
}

/** The list of devices by a filter. */
export function fleetPage(filter: Readonly<Record<string, string | null | undefined>>): string {
  const given = Object.entries(filter).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === null ? [] : [[name, value]],
  );
  return given.length === 0 ? "/fleet" : `/fleet?${new URLSearchParams(given).toString()}`;
}

export function devicePage(id: string): string {
  return `/devices/${encodeURIComponent(id)}`;
}

export function historyPage(commit: string): string {
  return `/history/${encodeURIComponent(commit)}`;
}
