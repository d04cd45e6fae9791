import type { IncomingMessage } from "node:http";
import type { Logger } from "pino";
import { type Ppm, WHOLE_PPM } from "../../protocol/share.ts";
import type { CountedResponse } from "./counted-response.ts";

/**
 * One line for a share of the requests, evenly: at 1 %, every hundredth. It names the route and not the path, since a
 * tenant's policy is found by whoever knows its path.
 */
export class AccessLog {
  private readonly log: Logger;
  private readonly share: Ppm;
  private readonly addressOf: (request: IncomingMessage) => string;
  private due = 0;

  /** @param addressOf the client's address, also where trusted proxies stand between */
  constructor(log: Logger, share: Ppm, addressOf: (request: IncomingMessage) => string) {
    this.log = log;
    this.share = share;
    this.addressOf = addressOf;
  }

  record(request: IncomingMessage, response: CountedResponse): void {
    this.due += this.share;
    if (this.due < WHOLE_PPM) return;
    this.due -= WHOLE_PPM;
    const { method, headers } = request;
    const agent = headers["user-agent"];
    this.log.info(
      {
        event: "http.request",
        method,
        route: response.route,
        status: response.headersSent ? response.statusCode : 0,
        milliseconds: Math.round((performance.now() - response.startedAt) * 1000) / 1000,
        address: this.addressOf(request),
        ...(agent === undefined ? {} : { agent: agent.slice(0, MOST_AGENT_CHARACTERS) }),
        ...(response.writableFinished ? {} : { aborted: true }),
      },
      `${method} ${response.route}`,
    );
  }
}

const MOST_AGENT_CHARACTERS = 120;
