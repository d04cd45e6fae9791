/** A controller as a process of its own, with the options that it is given as JSON; it says where it listens. */
import { createLog } from "../../controller/serve/log.ts";
import { runController } from "../../controller/serve/run-controller.ts";
import { lockStateFolder } from "../../controller/state-folder/lock-state-folder.ts";

const options = JSON.parse(process.argv[2] ?? "{}");
const running = await runController(
  { ...options, fleetEntry: new URL("troubled-fleet-worker.ts", import.meta.url) },
  lockStateFolder(options.stateFolder, "test"),
  createLog("silent"),
);
process.stdout.write(`listens on ${running.url}\n`);
