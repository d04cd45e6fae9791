import type { Logger } from "pino";

const QUIET_MS = 60_000;

/**
 * Warnings that strangers can cause as often as they like: one line a minute for each event, which says how many were
 * left out since the last.
 */
export class QuietLog {
  private readonly log: Logger;
  private readonly events = new Map<string, { readonly since: number; omitted: number }>();

  constructor(log: Logger) {
    this.log = log;
  }

  warn(event: string, facts: Readonly<Record<string, unknown>>, message: string): void {
    const now = performance.now();
    const last = this.events.get(event);
    if (last !== undefined && now - last.since < QUIET_MS) {
      last.omitted++;
      return;
    }
    this.events.set(event, { since: now, omitted: 0 });
    const omitted = last?.omitted ?? 0;
    this.log.warn({ event, ...facts, ...(omitted === 0 ? {} : { omitted }) }, message);
  }
}
