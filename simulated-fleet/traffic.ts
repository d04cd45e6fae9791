import { Agent, type IncomingMessage, request } from "node:http";

export const KINDS = ["poll", "check-in", "enrolment", "stream", "other"] as const;
export type Kind = (typeof KINDS)[number];

export interface Outgoing {
  readonly method: "GET" | "POST";
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface Incoming {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Milliseconds that an answer may take; then it did not come. */
const PATIENCE = 30_000;
/** Bytes of a request or an answer that are not its body: request line, status line, fields. */
const LINES = 64;

/** Sends what devices send, and counts it where it leaves: a request that nobody answers is counted, too. */
export class Traffic {
  /** Milliseconds of answered requests. */
  readonly latencies: Record<Kind, number[]> = {
    ...{ poll: [], "check-in": [], enrolment: [], stream: [], other: [] },
  };
  sent = 0;
  received = 0;
  failed = 0;
  /** Requests by second of `performance.now()`. */
  private readonly bySecond = new Map<number, number>();
  /** Each machine has its own connection: a slow answer to some is to keep few others waiting. */
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1_024 });
  private readonly url: URL;

  constructor(url: string) {
    this.url = new URL(url);
  }

  /**
   * @param at `performance.now()` at which a machine of its own would have sent it: this process may have stood still when it
   * was time, and what it then sends at once is no herd
   */
  count(at = performance.now()): void {
    const second = Math.floor(at / 1000);
    this.bySecond.set(second, (this.bySecond.get(second) ?? 0) + 1);
  }

  /** Requests in each whole second between two times of `performance.now()`. */
  perSecond(from: number, to: number): number[] {
    const first = Math.ceil(from / 1000);
    const length = Math.max(0, Math.floor(to / 1000) - first);
    return Array.from({ length }, (_, index) => this.bySecond.get(first + index) ?? 0);
  }

  /** @param due as for `count` */
  send(kind: Kind, { method, target, headers, body }: Outgoing, due?: number): Promise<Incoming> {
    this.count(due);
    const began = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<Incoming>();
    const { hostname, port } = this.url;
    const sending = request(
      { hostname, port, method, path: target, headers, agent: this.agent, timeout: PATIENCE },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.once("error", reject);
        response.once("end", () => {
          const bytes = Buffer.concat(parts);
          this.latencies[kind].push(performance.now() - began);
          this.received += bytes.length + LINES + size(response.headers);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes });
        });
      },
    );
    sending.once("timeout", () => sending.destroy(new Error("no answer in time")));
    sending.once("error", (error) => {
      this.failed++;
      reject(error);
    });
    this.sent += (body?.length ?? 0) + LINES + size(headers);
    sending.end(body);
    return promise;
  }

  close(): void {
    this.agent.destroy();
  }
}

function size(fields: IncomingMessage["headers"]): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(fields)) bytes += name.length + String(value).length + 4;
  return bytes;
}

/** @param share such as 0.99 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
