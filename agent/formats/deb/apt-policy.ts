/** What `apt-cache policy` says of one package. */
export interface AptPolicy {
  readonly versions: ReadonlyMap<string, OfferedVersion>;
  /** The version to which the administrator pins the package. */
  readonly pin: string | undefined;
}

export interface OfferedVersion {
  readonly priority: number;
  /** In how many repositories it is. */
  readonly sources: number;
}

/** Reads the output of `apt-cache policy` in the C locale. */
export function readPolicy(output: string): AptPolicy {
  const versions = new Map<string, OfferedVersion>();
  let pin: string | undefined;
  let version: string | undefined;
  let table = false;
  for (const line of output.split("\n")) {
    pin ??= /^ {2}Package pin: (\S+)$/.exec(line)?.[1];
    if (/^ {2}Version table:/.test(line)) table = true;
    if (!table) continue;
    const [, name, priority] = /^ (?:\*\*\*| {3}) (\S+) (-?\d+)/.exec(line) ?? [];
    if (name !== undefined) {
      version = name;
      versions.set(name, { priority: Number(priority), sources: 0 });
      continue;
    }
    const [, source] = /^ {7,}-?\d+ (\S+)/.exec(line) ?? [];
    const known = version === undefined ? undefined : versions.get(version);
    // A version that is installed and nowhere else has only the database as its source.
    if (version === undefined || known === undefined || source === undefined || source.startsWith("/"))
      continue;
    versions.set(version, { ...known, sources: known.sources + 1 });
  }
  return { versions, pin };
}
