import type { ListAgentsQuery } from "../api/types.ts";

/** Keys of which one of several values may hold. */
export const LISTED_KEYS = [
  "state",
  "tenant",
  "site",
  "group",
  "platform",
  "version",
  "channel",
  "cause",
] as const;
export type ListedKey = (typeof LISTED_KEYS)[number];

/** Keys that are about one product. */
const OF_PRODUCT: readonly string[] = ["version", "channel", "cause"];
const SORTS = ["seen", "-seen", "state", "-state", "version", "-version"] as const;
export type Sort = (typeof SORTS)[number];
const STATES = ["current", "behind", "updating", "failed", "refused", "cloned", "silent", "gone"] as const;
export type State = (typeof STATES)[number];

/** What the list is asked for: a filter is an address. */
export interface FleetFilter {
  readonly lists: Readonly<Partial<Record<ListedKey, readonly string[]>>>;
  readonly product?: string;
  readonly label?: string;
  readonly search?: string;
  readonly sort?: Sort;
}

/** What an address asks for. What it says that means nothing is passed over. */
export function readFilter(query: URLSearchParams): FleetFilter {
  const lists: Partial<Record<ListedKey, readonly string[]>> = {};
  for (const key of LISTED_KEYS) {
    const values = [...new Set(query.getAll(key).filter((value) => value !== ""))];
    const known = key === "state" ? values.filter(isState) : values;
    if (known.length > 0) lists[key] = known;
  }
  const sort = SORTS.find((one) => one === query.get("sort"));
  const product = textOf(query, "product");
  return {
    lists,
    ...(product === undefined ? {} : { product }),
    ...member("label", textOf(query, "label")),
    ...member("search", textOf(query, "search")),
    // Versions are of a product.
    ...(sort === undefined || (sort.endsWith("version") && product === undefined) ? {} : { sort }),
  };
}

/** The address of a filter: the same for the same filter. */
export function writeFilter({ lists, product, label, search, sort }: FleetFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (search !== undefined) query.set("search", search);
  for (const key of LISTED_KEYS) for (const value of lists[key] ?? []) query.append(key, value);
  if (product !== undefined) query.set("product", product);
  if (label !== undefined) query.set("label", label);
  if (sort !== undefined) query.set("sort", sort);
  return query;
}

export function fleetAddress(filter: FleetFilter): string {
  const query = writeFilter(filter).toString();
  return query === "" ? "/fleet" : `/fleet?${query}`;
}

/** What the API takes of a filter: all but its order. */
export type FilterQuery = Omit<ListAgentsQuery, "limit" | "after" | "sort">;

/** The filter as the API takes it. */
export function filterQuery({ lists, product, label, search }: FleetFilter): FilterQuery {
  const { state, ...others } = lists;
  const copied: Partial<Record<Exclude<ListedKey, "state" | "cause">, string[]>> = {};
  for (const key of LISTED_KEYS) {
    if (key === "state" || key === "cause") continue;
    const values = others[key];
    if (values !== undefined) copied[key] = [...values];
  }
  const cause = lists.cause?.filter(isCause);
  return {
    ...copied,
    ...(state === undefined ? {} : { state: state.filter(isState) }),
    ...(cause === undefined || cause.length === 0 ? {} : { cause }),
    ...member("product", product),
    ...member("label", label),
    ...member("search", search),
  };
}

/** The same where nothing may stand for everything: machines of whatever state. */
export function wholeFilter(filter: FleetFilter): FilterQuery {
  return isEmpty(filter) ? { state: [...STATES] } : filterQuery(filter);
}

export function isEmpty({ lists, product, label, search }: FleetFilter): boolean {
  return (
    Object.keys(lists).length === 0 && product === undefined && label === undefined && search === undefined
  );
}

/** The filter with one value more, or less where it has it. @param product whose value it is */
export function toggled(filter: FleetFilter, key: ListedKey, value: string, product?: string): FleetFilter {
  const values = filter.lists[key] ?? [];
  const isOther = product !== undefined && OF_PRODUCT.includes(key) && product !== filter.product;
  if (isOther) {
    // What was asked of another product means nothing for this one.
    return { ...withoutProduct(filter), product, lists: { ...withoutProduct(filter).lists, [key]: [value] } };
  }
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  const { [key]: _, ...others } = filter.lists;
  return { ...filter, lists: next.length === 0 ? others : { ...others, [key]: next } };
}

/** The filter for one product, or for all of them where it is that one's already. */
export function toggledProduct(filter: FleetFilter, product: string): FleetFilter {
  const others = withoutProduct(filter);
  return filter.product === product ? others : { ...others, product };
}

/** Without the product, and without what is about it. */
function withoutProduct({ product: _, sort, lists, ...filter }: FleetFilter): FleetFilter {
  const { version: __, channel: ___, cause: ____, ...others } = lists;
  return {
    ...filter,
    lists: others,
    ...(sort === undefined || sort.endsWith("version") ? {} : { sort }),
  };
}

export function searched(filter: FleetFilter, search: string): FleetFilter {
  const { search: _, ...others } = filter;
  const text = search.trim();
  return text === "" ? others : { ...others, search: text };
}

/** The order that a press on a head asks for: the useful end first, then the other, then none. */
export function sortedBy(filter: FleetFilter, by: "seen" | "state" | "version"): FleetFilter {
  const { sort, ...others } = filter;
  const order: readonly Sort[] = by === "seen" ? ["-seen", "seen"] : [`-${by}`, by];
  const index = sort === undefined ? -1 : order.indexOf(sort);
  const next = order[index + 1];
  return next === undefined ? others : { ...others, sort: next };
}

export function filterWithoutSort({ sort: _, ...filter }: FleetFilter): FleetFilter {
  return filter;
}

export interface Chip {
  readonly name: string;
  readonly value: string;
  /** The filter without it. */
  readonly without: FleetFilter;
}

/** What is asked for, one by one, each with how to drop it. */
export function chipsOf(filter: FleetFilter): readonly Chip[] {
  const chips: Chip[] = [];
  if (filter.search !== undefined) {
    chips.push({ name: "search", value: filter.search, without: searched(filter, "") });
  }
  if (filter.product !== undefined) {
    chips.push({ name: "product", value: filter.product, without: withoutProduct(filter) });
  }
  for (const key of LISTED_KEYS) {
    for (const value of filter.lists[key] ?? []) {
      chips.push({ name: key, value: wordOf(key, value), without: toggled(filter, key, value) });
    }
  }
  if (filter.label !== undefined) {
    const { label, ...without } = filter;
    chips.push({ name: "label", value: label ?? "", without });
  }
  return chips;
}

const STATE_WORDS: Readonly<Record<State, string>> = {
  current: "Current",
  behind: "Behind",
  updating: "Updating",
  failed: "Failed",
  refused: "Below minimum",
  cloned: "Cloned",
  silent: "Silent",
  gone: "Gone",
};

/** A value as it is shown. */
export function wordOf(key: string, value: string): string {
  if (key === "state" && isState(value)) return STATE_WORDS[value];
  return key === "version" && value.startsWith("<") ? `below ${value.slice(1)}` : value;
}

export function isState(text: string): text is State {
  return STATES.some((one) => one === text);
}

type Cause = NonNullable<ListAgentsQuery["cause"]>[number];

/** The API says which causes there are, and refuses others: an address that somebody wrote may hold any text. */
function isCause(text: string): text is Cause {
  return /^[a-z]+(-[a-z]+)*$/.test(text);
}

function textOf(query: URLSearchParams, name: string): string | undefined {
  const value = query.get(name)?.trim();
  return value === undefined || value === "" ? undefined : value;
}

function member<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [K in Name]?: string } {
  if (value === undefined) return {};
  const given: { [K in Name]?: string } = {};
  given[name] = value;
  return given;
}
