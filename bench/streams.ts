/**
 * Streams on which agents are told to look again, up to 10,000 in one process: what one costs in memory, and how long
 * it takes until each has heard. The peer is what browsers would use: server-sent events by bare node:http.
 */
import { fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { interleave, type Measured, printTable } from "./measure.ts";
import type { Asked, Told } from "./streams/held-streams.ts";
import { OpenStreams, type StreamKind } from "./streams/open-streams.ts";

const SIZES = [1_000, 10_000] as const;
const ROUNDS = 3;
/** Milliseconds in which what opening them left behind is let go. */
const REST = 1_000;
const CONTESTANTS = [
  { name: "server-sent events, bare node:http", kind: "sse" },
  { name: "the controller's streams (upgraded)", kind: "upgraded" },
] as const satisfies readonly { readonly name: string; readonly kind: StreamKind }[];

export async function benchStreams(): Promise<void> {
  for (const count of SIZES) {
    const times = new Map<string, number[]>();
    const memory = await interleave(
      ROUNDS,
      CONTESTANTS.map(({ name, kind }) => ({
        name,
        unit: "bytes",
        once: async () => {
          const { bytes, milliseconds } = await measure(kind, count);
          times.set(name, [...(times.get(name) ?? []), milliseconds]);
          return bytes / count;
        },
      })),
    );
    const size = `${count.toLocaleString("en")} streams`;
    printTable(`memory a stream (resident), ${size}`, memory);
    const heard = CONTESTANTS.map(
      ({ name }): Measured => ({ name, unit: "ms", figures: times.get(name) ?? [] }),
    );
    printTable(`until each has heard, ${size}`, heard);
  }
}

async function measure(
  kind: StreamKind,
  count: number,
): Promise<{ readonly bytes: number; readonly milliseconds: number }> {
  const child = fork(join(import.meta.dirname, "streams/held-streams.ts"), [kind], {
    execArgv: ["--expose-gc"],
  });
  const told = <Kind extends Told["kind"]>(word: Kind): Promise<Extract<Told, { readonly kind: Kind }>> =>
    new Promise((resolve, reject) => {
      child.once("exit", () => reject(new Error("the process that holds streams ended")));
      const listen = (message: Told): void => {
        if (!isTold(message, word)) return;
        child.off("message", listen);
        resolve(message);
      };
      child.on("message", listen);
    });
  const ask = (asked: Asked): void => void child.send(asked);
  const memoryNow = async (): Promise<number> => {
    await sleep(REST);
    const answer = told("memory");
    ask({ kind: "memory" });
    return (await answer).bytes;
  };
  try {
    const { port } = await told("listening");
    const warm = await OpenStreams.open(kind, port, 100);
    warm.close();
    const before = await memoryNow();
    const streams = await OpenStreams.open(kind, port, count);
    const bytes = (await memoryNow()) - before;
    const heard = streams.allHear();
    const start = performance.now();
    ask({ kind: "announce", manifest: 2 });
    await heard;
    const milliseconds = performance.now() - start;
    streams.close();
    return { bytes, milliseconds };
  } finally {
    child.removeAllListeners("exit");
    child.kill("SIGKILL");
  }
}

function isTold<Kind extends Told["kind"]>(
  told: Told,
  kind: Kind,
): told is Extract<Told, { readonly kind: Kind }> {
  return told.kind === kind;
}
