import type { FleetEvent } from "../../fleet/fleet-event.ts";

/** Milliseconds for which events wait for each other: a wave reports by the hundred. */
const COLLECT_MS = 100;
/** Events in one message. */
const MOST = 1_000;

/** Collects events, so that the other thread is woken once for many. A request that waits for a device does not wait. */
export class EventBatch {
  private readonly send: (events: readonly FleetEvent[]) => void;
  private events: FleetEvent[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(send: (events: readonly FleetEvent[]) => void) {
    this.send = send;
  }

  add(event: FleetEvent): void {
    this.events.push(event);
    if (this.events.length >= MOST || event.kind === "request") this.flush();
    else this.timer ??= setTimeout(() => this.flush(), COLLECT_MS);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { events } = this;
    this.events = [];
    this.send(events);
  }
}
