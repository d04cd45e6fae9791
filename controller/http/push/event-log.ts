import { randomBytes } from "node:crypto";
import { type FleetEvent, isVisible } from "../../fleet/fleet-event.ts";

/** Events that are kept for those who reconnect. */
const KEPT = 1_000;

export interface NumberedEvent {
  /** `<run>-<number>`: the run changes with each start of the controller. */
  readonly id: string;
  readonly event: FleetEvent;
}

/** What somebody who comes back missed. `unknown`: too long ago, or of an earlier run; only the API can tell. */
export type Missed =
  | { readonly kind: "events"; readonly events: readonly NumberedEvent[] }
  | { readonly kind: "unknown" };

type Listener = (event: NumberedEvent) => void;

/** The last events, and who is told of the next. */
export class EventLog {
  private readonly run = randomBytes(6).toString("hex");
  private readonly listeners = new Set<Listener>();
  private readonly kept: NumberedEvent[] = [];
  private count = 0;

  add(event: FleetEvent): void {
    this.count++;
    const numbered = { id: `${this.run}-${this.count}`, event };
    this.kept.push(numbered);
    if (this.kept.length > 2 * KEPT) this.kept.splice(0, this.kept.length - KEPT);
    for (const listener of this.listeners) listener(numbered);
  }

  /** Id of the newest event; what comes after it is heard by `listen`. */
  get newest(): string {
    return `${this.run}-${this.count}`;
  }

  /** @returns how to stop listening */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  after(id: string, tenants: readonly string[] | null): Missed {
    const [, run, number] = /^([0-9a-f]{12})-(\d{1,15})$/.exec(id) ?? [];
    const missed = this.count - Number(number);
    if (run !== this.run || missed < 0 || missed > this.kept.length) return { kind: "unknown" };
    const events = missed === 0 ? [] : this.kept.slice(-missed);
    return { kind: "events", events: events.filter(({ event }) => isVisible(event, tenants)) };
  }
}
