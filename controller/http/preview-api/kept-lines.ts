import type { AskedLine, PreviewService } from "../../preview/preview-service.ts";

/** A commit never changes, so that what was found once is kept: most devices of a fleet are held by the same few places. */
const MOST_KEPT = 5_000;

/** The lines that were asked for last, so that git is read for a place once and not for each device that is looked at. */
export class KeptLines {
  private readonly lines = new Map<string, number | null>();
  private readonly service: Pick<PreviewService, "lines">;

  constructor(service: Pick<PreviewService, "lines">) {
    this.service = service;
  }

  /** As {@link PreviewService.lines}. */
  async of(commit: string, asked: readonly AskedLine[]): Promise<readonly (number | null)[]> {
    const keys = asked.map((each) => keyOf(commit, each));
    const missing = asked.filter((_, index) => !this.lines.has(keys[index] ?? ""));
    const found = missing.length === 0 ? [] : await this.service.lines(commit, missing);
    const fresh = new Map(missing.map((each, index) => [keyOf(commit, each), found[index] ?? null]));
    const lines = keys.map((key) => this.lines.get(key) ?? fresh.get(key) ?? null);
    for (const [index, key] of keys.entries()) this.keep(key, lines[index] ?? null);
    return lines;
  }

  /** What is asked for stays; what nobody has asked for longest goes. */
  private keep(key: string, line: number | null): void {
    this.lines.delete(key);
    this.lines.set(key, line);
    const [oldest] = this.lines.keys();
    if (this.lines.size > MOST_KEPT && oldest !== undefined) this.lines.delete(oldest);
  }
}

/** Where a platform decides nothing, devices of all platforms share a line. */
function keyOf(commit: string, { where, platform }: AskedLine): string {
  return JSON.stringify([commit, where, where.endsWith("#/requires") ? platform : null]);
}
