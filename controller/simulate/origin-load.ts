import type { OriginLoad, PeakSecond } from "./simulation.ts";

/** What a quiet poll costs the origin: one conditional request, answered 304. */
const POLL_BYTES = 250;
/** What an agent fetches when the manifest has changed: timestamp, snapshot, policy role, release role, document. */
const CHANGE_REQUESTS = 5;
const CHANGE_BYTES = 24 * 1024;

/** Requests and bytes by second. */
export class LoadMeter {
  private readonly requests: Float64Array;
  private readonly bytes: Float64Array;

  /** @param seconds how many seconds are measured, from 0 */
  constructor(seconds: number) {
    this.requests = new Float64Array(seconds);
    this.bytes = new Float64Array(seconds);
  }

  /**
   * Counts the polls of agents that begin at these seconds and come back at each interval. The polls of one second are
   * those of one interval earlier plus the agents that begin in it, so the work grows with seconds and not with polls.
   */
  addPolls(firstPolls: Iterable<number>, interval: number): void {
    const polls = new Float64Array(this.requests.length);
    for (const at of firstPolls) if (at < polls.length) polls[at] = (polls[at] ?? 0) + 1;
    for (let at = 0; at < polls.length; at++) {
      const count = (polls[at] ?? 0) + (polls[at - interval] ?? 0);
      polls[at] = count;
      this.add(at, count, count * POLL_BYTES);
    }
  }

  addChange(at: number): void {
    this.add(at, CHANGE_REQUESTS, CHANGE_BYTES);
  }

  addDownload(at: number, size: number): void {
    this.add(at, 1, size);
  }

  private add(at: number, requests: number, bytes: number): void {
    this.requests[at] = (this.requests[at] ?? 0) + requests;
    this.bytes[at] = (this.bytes[at] ?? 0) + bytes;
  }

  summary(): OriginLoad {
    return {
      peakRequests: peakOf(this.requests),
      peakBytes: peakOf(this.bytes),
      requests: sum(this.requests),
      bytes: sum(this.bytes),
    };
  }
}

function peakOf(values: Float64Array): PeakSecond {
  let peak = { at: 0, value: 0 };
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    if (value > peak.value) peak = { at, value };
  }
  return peak;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
