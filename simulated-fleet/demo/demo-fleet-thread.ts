/** The thread in which the simulated machines of `--demo-fleet` live. They meet the controller by HTTP alone. */
import { mkdirSync } from "node:fs";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { NO_PROXY_AT_ALL, useProxy } from "../../agent/fetch/proxy.ts";
import { DemoFleet } from "./demo-fleet.ts";
import type { DemoFleetInput, FromDemoFleet, ToDemoFleet } from "./messages.ts";

/** Milliseconds before it is tried again, after a begin that came to nothing. */
const AGAIN_MS = 5_000;

function run(port: MessagePort, input: DemoFleetInput): void {
  const tell = (message: FromDemoFleet): void => port.postMessage(message);
  /** Asked for and not answered yet; answers come in the order of the questions. */
  const waiting: ((tokens: readonly string[]) => void)[] = [];
  const makeTokens = (uses: readonly number[]): Promise<readonly string[]> => {
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    waiting.push(resolve);
    tell({ kind: "enrol", uses });
    return promise;
  };
  const onTrouble = (message: string): void => tell({ kind: "trouble", message });
  let fleet: DemoFleet | undefined;
  let retry: NodeJS.Timeout | undefined;
  const begin = async (): Promise<void> => {
    fleet = new DemoFleet(input, makeTokens, onTrouble);
    try {
      await fleet.begin();
      tell({ kind: "lives" });
    } catch (error) {
      fleet.end();
      onTrouble(error instanceof Error ? error.message : String(error));
      retry = setTimeout(() => void begin(), AGAIN_MS);
    }
  };
  port.on("message", (message: ToDemoFleet) => {
    switch (message.kind) {
      case "tokens":
        waiting.shift()?.(message.tokens);
        break;
      case "stop":
        clearTimeout(retry);
        fleet?.end();
        port.close();
        break;
    }
  });
  mkdirSync(input.folder, { recursive: true, mode: 0o700 });
  // It asks this machine alone.
  useProxy(NO_PROXY_AT_ALL);
  void begin();
}

if (parentPort === null) throw new Error("this program is a thread of the controller");
run(parentPort, workerData);
