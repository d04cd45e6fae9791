import type { DeviceFacets, DeviceFilter, DeviceState, Facet, FacetValue, OneOf } from "./fleet-store.ts";

/**
 * So many devices that stand alike. With an empty `product` it counts devices; with another one their installations of it,
 * and then with its version, channel and cause. What is absent is the empty text. Negative: so many less than other lines say.
 */
export interface HeadcountLine {
  readonly product: string;
  readonly tenant: string;
  readonly site: string;
  readonly platform: string;
  readonly state: DeviceState;
  readonly version: string;
  readonly channel: string;
  readonly cause: string;
  readonly devices: number;
}

/** The keys of a filter that lines are counted by. */
export type CountedFilter = Pick<
  DeviceFilter,
  "tenant" | "site" | "platform" | "state" | "version" | "channel" | "cause" | "product"
>;

const OF_DEVICES = ["state", "tenant", "site", "platform"] as const;
const OF_INSTALLATIONS = ["version", "channel", "cause"] as const;

/**
 * What the facets of a list say. Each leaves out its own key, so that it says what another value would show; `product` leaves
 * out what is of a product, too. Most devices first.
 */
export function sumFacets(lines: readonly HeadcountLine[], filter: CountedFilter): DeviceFacets {
  const fits = matcherOf(filter);
  const counted = lines.filter(({ product }) => product === (filter.product ?? ""));
  const installed = filter.product === undefined ? lines.filter(({ product }) => product !== "") : counted;
  const ofDevices = (facet: (typeof OF_DEVICES)[number]): readonly FacetValue[] =>
    grouped(
      counted.filter((line) => fits(line, [facet])),
      (line) => ({ value: line[facet] }),
    );
  const ofInstallations = (facet: (typeof OF_INSTALLATIONS)[number]): readonly FacetValue[] =>
    grouped(
      installed.filter((line) => fits(line, [facet])),
      (line) => ({ value: line[facet], product: line.product }),
    );
  const ofProducts = grouped(
    lines.filter((line) => line.product !== "" && fits(line, OF_INSTALLATIONS)),
    ({ product }) => ({ value: product }),
  );
  return {
    total: counted.reduce((total, line) => (fits(line, []) ? total + line.devices : total), 0),
    state: ofDevices("state"),
    tenant: ofDevices("tenant"),
    site: ofDevices("site"),
    platform: ofDevices("platform"),
    product: ofProducts,
    version: ofInstallations("version"),
    channel: ofInstallations("channel"),
    cause: ofInstallations("cause"),
  };
}

/** How many there are by state, under all keys of a filter. */
export function sumStates(
  lines: readonly HeadcountLine[],
  filter: CountedFilter,
): ReadonlyMap<DeviceState, number> {
  const fits = matcherOf(filter);
  const sums = new Map<DeviceState, number>();
  for (const line of lines) {
    if (line.product !== (filter.product ?? "") || !fits(line, [])) continue;
    sums.set(line.state, (sums.get(line.state) ?? 0) + line.devices);
  }
  return sums;
}

type Counted = (typeof OF_DEVICES)[number] | (typeof OF_INSTALLATIONS)[number];

/** Whether a line has what a filter asks for in all keys but those that are left out. */
function matcherOf(filter: CountedFilter): (line: HeadcountLine, without: readonly Facet[]) => boolean {
  const asked = [...OF_DEVICES, ...OF_INSTALLATIONS].flatMap((key): [Counted, ReadonlySet<string>][] => {
    const values: OneOf<string> | undefined = filter[key];
    return values === undefined ? [] : [[key, new Set(typeof values === "string" ? [values] : values)]];
  });
  return (line, without) => asked.every(([key, values]) => without.includes(key) || values.has(line[key]));
}

function grouped(
  lines: readonly HeadcountLine[],
  groupOf: (line: HeadcountLine) => Omit<FacetValue, "devices">,
): readonly FacetValue[] {
  const sums = new Map<string, { readonly group: Omit<FacetValue, "devices">; devices: number }>();
  for (const line of lines) {
    const group = groupOf(line);
    if (group.value === "") continue;
    const name = `${group.product ?? ""} ${group.value}`;
    const known = sums.get(name);
    if (known === undefined) sums.set(name, { group, devices: line.devices });
    else known.devices += line.devices;
  }
  return [...sums.values()]
    .filter(({ devices }) => devices > 0)
    .map(({ group, devices }) => ({ ...group, devices }))
    .sort((a, b) => b.devices - a.devices || (a.value < b.value ? -1 : 1));
}
