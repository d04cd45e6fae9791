import type { FleetEvent } from "../../fleet/fleet-event.ts";
import type { NumberedEvent } from "./event-log.ts";

/** What changed within a second or so. */
export interface EventDigest {
  readonly kinds: readonly FleetEvent["kind"][];
  /** The devices that all of it is about; absent where they are many, or where some of it is about no device. */
  readonly devices?: readonly string[];
}

/** Devices that a digest names; where there are more, a page that shows one of them asks anew. */
const MOST_DEVICES = 20;
/** Milliseconds between two digests. */
const PACE_MS = 1_000;

/**
 * Sums up events for a page that only wants to know what to ask for again: the first at once, then at most one digest a
 * second, however many machines report.
 */
export class DigestWriter {
  private readonly write: (id: string, digest: EventDigest) => void;
  private readonly kinds = new Set<FleetEvent["kind"]>();
  private readonly devices = new Set<string>();
  private isAboutMore = false;
  private lastId = "";
  private timer: NodeJS.Timeout | undefined;

  /** @param write given the id of the last event of a digest, after which a page goes on */
  constructor(write: (id: string, digest: EventDigest) => void) {
    this.write = write;
  }

  add({ id, event }: NumberedEvent): void {
    this.lastId = id;
    this.kinds.add(event.kind);
    if (!("device" in event)) this.isAboutMore = true;
    else if (this.devices.size <= MOST_DEVICES) this.devices.add(event.device);
    // Those of one moment belong together.
    this.timer ??= setTimeout(() => this.flush(), 0);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private flush(): void {
    this.timer = undefined;
    if (this.kinds.size === 0) return;
    const isFew = this.devices.size <= MOST_DEVICES && !this.isAboutMore;
    const kinds = [...this.kinds];
    const digest = isFew ? { kinds, devices: [...this.devices] } : { kinds };
    this.kinds.clear();
    this.devices.clear();
    this.isAboutMore = false;
    this.timer = setTimeout(() => this.flush(), PACE_MS);
    this.write(this.lastId, digest);
  }
}
