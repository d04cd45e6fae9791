import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Gives back what this thread no longer needs, after work that comes rarely and leaves a lot: reading a whole state, taking
 * in a whole manifest. V8 by itself waits until there is about as much garbage as there is of anything else, which for a
 * thread that has little to do afterwards is for ever. It takes a tenth of a second for 100 MB, in which this thread does
 * nothing else: not for one that answers.
 */
export function collectGarbage(): void {
  collect ??= findCollector();
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
}

type Collector = (options: {
  readonly type: string;
  readonly execution: string;
  readonly flavor: string;
}) => void;

let collect: Collector | undefined;

/** V8 has one for those who ask for it when a context is made (`--expose-gc`). */
function findCollector(): Collector {
  setFlagsFromString("--expose-gc");
  const found: unknown = runInNewContext("globalThis.gc");
  setFlagsFromString("--no-expose-gc");
  return typeof found === "function" ? (options) => found(options) : () => undefined;
}
