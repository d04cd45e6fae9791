import type { ServerResponse } from "node:http";
import { isVisible } from "../../fleet/fleet-event.ts";
import { HttpError } from "../http-error.ts";
import { DigestWriter } from "./event-digest.ts";
import type { EventLog, NumberedEvent } from "./event-log.ts";

/** Streams of one controller at a time: pages that people look at, not agents. */
const MOST_STREAMS = 500;
/** Bytes that wait for a reader; one that is slower reconnects, and is told what it missed. */
const MOST_WAITING = 256 * 1024;
const SIGN_OF_LIFE_MILLISECONDS = 25_000;
/** Milliseconds after which a page reconnects, at least and at most: each is told another time. */
const RECONNECT = { least: 1_000, most: 6_000 } as const;

/** `each`: every event. `digest`: at most once a second, what kinds of things changed. */
export type EventDetail = "each" | "digest";

/** Server-sent events (HTML Living Standard, section 9.2) for pages: each event once, in order, with resume. */
export class EventStreams {
  private readonly log: EventLog;
  private readonly open = new Set<ServerResponse>();
  private readonly timer: NodeJS.Timeout;

  constructor(log: EventLog) {
    this.log = log;
    this.timer = setInterval(() => this.giveSigns(), SIGN_OF_LIFE_MILLISECONDS).unref();
  }

  get size(): number {
    return this.open.size;
  }

  /**
   * Answers with a stream that stays open.
   *
   * @param lastEventId what a page that comes back saw last
   * @param tenants whose events it may see; `null`: all
   * @param detail how much it wants to hear
   * @throws HttpError `http/too-many-streams`
   */
  serve(
    response: ServerResponse,
    lastEventId: string | undefined,
    tenants: readonly string[] | null,
    detail: EventDetail = "each",
  ): void {
    if (this.open.size >= MOST_STREAMS) {
      throw new HttpError("http/too-many-streams", `${MOST_STREAMS} pages are open already`, {
        help: "close some",
      });
    }
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // nginx would collect events until its buffer is full.
      "x-accel-buffering": "no",
    });
    const retry = RECONNECT.least + Math.floor(Math.random() * (RECONNECT.most - RECONNECT.least));
    response.write(`retry: ${retry}\n\n`);
    const write = (text: string): void => {
      if (response.writableLength > MOST_WAITING) response.destroy();
      else response.write(text);
    };
    const digests = new DigestWriter((id, digest) => write(format(id, "changes", digest)));
    const send = (numbered: NumberedEvent): void => {
      if (detail === "digest") digests.add(numbered);
      else write(format(numbered.id, numbered.event.kind, numbered.event));
    };
    const missed = lastEventId === undefined ? undefined : this.log.after(lastEventId, tenants);
    switch (missed?.kind) {
      case undefined:
        response.write(`id: ${this.log.newest}\nevent: hello\ndata: {}\n\n`);
        break;
      case "unknown":
        // The page asks for everything anew: what it shows may be old in any part.
        response.write(`id: ${this.log.newest}\nevent: reload\ndata: {}\n\n`);
        break;
      case "events":
        for (const event of missed.events) send(event);
        break;
    }
    const stop = this.log.listen((numbered) => {
      if (isVisible(numbered.event, tenants)) send(numbered);
    });
    this.open.add(response);
    response.once("close", () => {
      stop();
      digests.stop();
      this.open.delete(response);
    });
  }

  close(): void {
    clearInterval(this.timer);
    for (const response of this.open) response.end();
  }

  private giveSigns(): void {
    for (const response of this.open) response.write(": still here\n\n");
  }
}

/** JSON has no line breaks of its own, so one `data` line carries it. */
function format(id: string, name: string, data: object): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
