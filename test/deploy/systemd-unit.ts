/** The keys of a unit file, each with its values in order, whatever section they stand in. */
export type SystemdUnit = ReadonlyMap<string, readonly string[]>;

export function readUnit(text: string): SystemdUnit {
  const unit = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    unit.set(key, [...(unit.get(key) ?? []), value]);
  }
  return unit;
}

/** The one value of a key. @throws where there is none, or several */
export function onlyValue(unit: SystemdUnit, key: string): string {
  const [value, ...more] = unit.get(key) ?? [];
  if (value === undefined || more.length > 0)
    throw new Error(`the unit has ${more.length + 1} values of ${key}`);
  return value;
}
