import type { Device } from "./device.ts";
import type { GroupPolicy } from "./policy.ts";
import { isRange, isVersion, versionInRange } from "./version.ts";

const FACTS = "facts.";

/** Facts that `match` compares by a range, in the scheme `dotted`; the others are compared as text. */
const BY_RANGE: ReadonlySet<string> = new Set([
  "osVersion",
  "glibc",
  "musl",
  "kernel",
  "macos",
  "windowsBuild",
]);

/** The fact that a key of `match` names, or `undefined` for the name of a label. */
export function matchedFact(key: string): string | undefined {
  return key.startsWith(FACTS) ? key.slice(FACTS.length) : undefined;
}

/** Whether a fact is compared by a range. */
export function isMatchedByRange(fact: string): boolean {
  return BY_RANGE.has(fact);
}

/**
 * Whether a device has all labels and facts that a group asks for; of several values of one, any will do. What is not
 * known of the device does not match.
 */
export function matchesDevice(match: NonNullable<GroupPolicy["match"]>, device: Device): boolean {
  return Object.entries(match).every(([key, values]) => {
    const fact = matchedFact(key);
    const got = fact === undefined ? labelOf(device, key) : factsOf(device, fact);
    if (fact === undefined || !isMatchedByRange(fact)) return got.some((one) => values.includes(one));
    return got.some((one) => values.some((range) => liesInRange(one, range)));
  });
}

function labelOf({ labels }: Device, name: string): readonly string[] {
  const value = labels !== undefined && Object.hasOwn(labels, name) ? labels[name] : undefined;
  return value === undefined ? [] : [value];
}

function factsOf({ platform, facts = {} }: Device, fact: string): readonly string[] {
  if (fact === "platform") return [platform];
  if (fact === "cpu") return facts.cpu ?? [];
  const value = new Map<string, unknown>(Object.entries(facts)).get(fact);
  return typeof value === "string" ? [value] : [];
}

/** Whether what a machine has lies in a range that `match` asks for, both by the scheme `dotted`. */
export function liesInRange(version: string, range: string): boolean {
  return isVersion("dotted", version) && isRange("dotted", range) && versionInRange("dotted", version, range);
}
