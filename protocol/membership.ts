import { KeptByIdentity } from "./kept-by-identity.ts";

const SHORT = 16;
const indexes = new KeptByIdentity<readonly string[], ReadonlySet<string>>();

/**
 * Whether a list of a policy document holds `member`. A long list is indexed when it is first asked: a group may name
 * 100,000 devices, and a plan asks for each of them.
 */
export function isMember(list: readonly string[], member: string): boolean {
  if (list.length <= SHORT) return list.includes(member);
  return indexes.of(list, (members) => new Set(members)).has(member);
}
