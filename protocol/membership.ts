const SHORT = 16;
const indexes = new WeakMap<readonly string[], ReadonlySet<string>>();

/**
 * Whether a list of a policy document holds `member`. A long list is indexed when it is first asked: a group may name
 * 100,000 devices, and a plan asks for each of them. Documents are immutable, so the index cannot go stale.
 */
export function isMember(list: readonly string[], member: string): boolean {
  if (list.length <= SHORT) return list.includes(member);
  let index = indexes.get(list);
  if (index === undefined) {
    index = new Set(list);
    indexes.set(list, index);
  }
  return index.has(member);
}
