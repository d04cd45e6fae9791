/** Paths of the page that needs lead to. */

export function rolloutPage(product: string, channel: string): string {
  return `/rollouts/${encodeURIComponent(product)}/${encodeURIComponent(channel)}`;
}

/** The list of devices by a filter; of several values one has to hold. */
export function fleetPage(
  filter: Readonly<Record<string, string | readonly string[] | null | undefined>>,
): string {
  const given = Object.entries(filter).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === null ? [] : [value].flat().map((one) => [name, one]),
  );
  return given.length === 0 ? "/fleet" : `/fleet?${new URLSearchParams(given).toString()}`;
}

export function devicePage(id: string): string {
  return `/devices/${encodeURIComponent(id)}`;
}

export function historyPage(commit: string): string {
  return `/history/${encodeURIComponent(commit)}`;
}
