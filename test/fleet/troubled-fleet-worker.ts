/**
 * The real thread, which also obeys a file `fleet-trouble` in its state folder: a thread can only be made to fail from
 * inside.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { FromFleet } from "../../controller/serve/fleet/messages.ts";

const file = join(workerData.stateFolder, "fleet-trouble");

function trouble(): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

setInterval(() => {
  if (trouble() !== "throw") return;
  rmSync(file);
  throw new TypeError("nobody foresaw this");
}, 20);

const send = parentPort?.postMessage.bind(parentPort);
if (parentPort !== null && send !== undefined) {
  parentPort.postMessage = (message: FromFleet) => {
    // What is answered is on the disk; who asked never hears of it.
    if (message.kind === "answer" && trouble() === "kill before the answer") {
      rmSync(file);
      process.kill(process.pid, "SIGKILL");
    }
    send(message);
  };
}

await import("../../controller/serve/fleet/fleet-worker.ts");
