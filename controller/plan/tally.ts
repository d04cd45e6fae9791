/** Devices that share something, with a few of their names. */
export interface Tally<T> {
  readonly what: T;
  devices: number;
  readonly examples: string[];
}

const MAX_EXAMPLES = 5;

/** Counts devices by what they have in common. */
export class Tallies<T> {
  private readonly entries = new Map<string, Tally<T>>();

  /** @param key devices with equal keys are counted together; `what` is asked once for each key */
  add(key: readonly (string | null)[], what: () => T, device: string): Tally<T> {
    const id = JSON.stringify(key);
    let tally = this.entries.get(id);
    if (tally === undefined) {
      tally = { what: what(), devices: 0, examples: [] };
      this.entries.set(id, tally);
    }
    tally.devices++;
    if (tally.examples.length < MAX_EXAMPLES) tally.examples.push(device);
    return tally;
  }

  /** Most devices first, then by key. */
  sorted(): Tally<T>[] {
    return [...this.entries]
      .sort(([a, left], [b, right]) => right.devices - left.devices || (a < b ? -1 : 1))
      .map(([, tally]) => tally);
  }
}
