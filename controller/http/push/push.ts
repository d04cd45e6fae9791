import type { FleetEvent } from "../../fleet/fleet-event.ts";
import type { IdentifiedDevice, ReceivedRequest } from "../../fleet/fleet-service.ts";
import { EventLog } from "./event-log.ts";
import { EventStreams } from "./event-stream.ts";
import { LookPolls } from "./look-poll.ts";
import { LookStreams } from "./look-streams.ts";

/**
 * Everything that the controller says without being asked: to agents that they look again, to pages what changed. It is
 * all hints: whoever misses one polls.
 */
export class Push {
  /** Whose request it is, by its signature. */
  readonly identify: (request: ReceivedRequest) => Promise<IdentifiedDevice>;
  readonly streams: LookStreams;
  readonly polls = new LookPolls();
  readonly pages: EventStreams;
  private readonly events = new EventLog();
  private lastOutcome = "";

  /** @param mostStreams agents that hold a stream open at a time */
  constructor(identify: (request: ReceivedRequest) => Promise<IdentifiedDevice>, mostStreams: number) {
    this.identify = identify;
    this.streams = new LookStreams(mostStreams);
    this.pages = new EventStreams(this.events);
  }

  /** A manifest is served from now on. */
  announce(version: number, commit: string): void {
    this.streams.announce(version);
    this.polls.announce(version);
    this.events.add({ kind: "manifest", version, commit });
  }

  /** @returns whether the device hears of it now */
  tell(device: string): boolean {
    return this.streams.tell(device);
  }

  /** Something has changed. Where it waits for a device, that device is told, too. */
  report(event: FleetEvent): void {
    this.events.add(event);
    if (event.kind === "request" && event.state === "asked") this.tell(event.device);
  }

  /** How a reconcile ended. The same again is no news. */
  reportOutcome(outcome: string, commit: string | undefined): void {
    const said = `${outcome} ${commit}`;
    if (said === this.lastOutcome) return;
    this.lastOutcome = said;
    this.report({ kind: "commit", outcome, ...(commit === undefined ? {} : { commit }) });
  }

  close(): void {
    this.streams.close();
    this.polls.close();
    this.pages.close();
  }
}
