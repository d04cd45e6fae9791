import { Readable } from "node:stream";
import { printable } from "../../protocol/printable.ts";
import { FetchError } from "./fetch-error.ts";

/** What the body of an answer must keep to. */
export interface Pace {
  /** For messages. */
  readonly host: string;
  /** Milliseconds. */
  readonly idleTimeout: number;
  readonly minBytesPerSecond: number;
  readonly signal: AbortSignal;
}

/**
 * The bytes of `source`, as long as they come fast enough: the slow retrieval attack. Time counts only while a reader
 * waits for bytes, so a slow disk on this side is not held against the server.
 */
export function limitPace(source: Readable, pace: Pace): Readable {
  const body = Readable.from(paced(source, pace), { objectMode: false });
  // A body that nobody began to read never starts the generator below, whose end would let go of the connection.
  return body.once("close", () => source.destroy());
}

async function* paced(source: Readable, pace: Pace): AsyncGenerator<Buffer> {
  const { host, idleTimeout, minBytesPerSecond, signal } = pace;
  const help = "the agent tries again by itself; if this stays, look at the network or use another mirror";
  let waited = 0;
  let received = 0;
  const stop = () => source.destroy(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const asked = performance.now();
      const timer = setTimeout(() => {
        source.destroy(
          new FetchError("fetch/timed-out", `${host}: expected data within ${idleTimeout} ms, got none`, {
            help,
          }),
        );
      }, idleTimeout);
      const { value, done } = await chunks.next().finally(() => clearTimeout(timer));
      if (done === true) return;
      waited += performance.now() - asked;
      received += value.length;
      yield value;
      if (waited < idleTimeout) continue;
      const rate = Math.floor((received * 1000) / waited);
      if (rate < minBytesPerSecond) {
        throw new FetchError(
          "fetch/too-slow",
          `${host}: expected ${minBytesPerSecond} bytes/s, got ${rate}`,
          {
            help,
          },
        );
      }
      waited = 0;
      received = 0;
    }
  } catch (error) {
    if (error instanceof FetchError) throw error;
    if (signal.aborted) throw signal.reason;
    const message = error instanceof Error ? error.message : String(error);
    throw new FetchError("fetch/connection-failed", `${host}: ${printable(message)}`, { cause: error, help });
  } finally {
    signal.removeEventListener("abort", stop);
    source.destroy();
  }
}
