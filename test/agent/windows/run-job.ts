import { runSwap } from "../../../agent/formats/windows/run-swap.ts";
import { ProcessServices } from "./process-services.ts";

/** A process of its own that brings a job to its end, for tests to kill on the way. */
const [file = "", program = ""] = process.argv.slice(2);
await runSwap(file, new ProcessServices(program));
