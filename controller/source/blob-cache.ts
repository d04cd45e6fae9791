/**
 * Contents by blob id, in two generations: what neither of the last two snapshots used is forgotten, so the cache is
 * never larger than two snapshots.
 */
export class BlobCache {
  #young = new Map<string, Buffer>();
  #old = new Map<string, Buffer>();

  get(id: string): Buffer | undefined {
    const fresh = this.#young.get(id);
    if (fresh !== undefined) return fresh;
    const kept = this.#old.get(id);
    if (kept !== undefined) this.#young.set(id, kept);
    return kept;
  }

  set(id: string, bytes: Buffer): void {
    this.#young.set(id, bytes);
  }

  /** Ends a generation: call it when a snapshot is complete. */
  advance(): void {
    this.#old = this.#young;
    this.#young = new Map();
  }
}
