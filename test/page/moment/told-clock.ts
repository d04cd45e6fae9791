/**
 * Given to `node --import`: the time of a process and of all its threads is what a file says, in milliseconds since 1970, so
 * that days pass in seconds and every picture is of one moment. What waits still waits by the real clock.
 */
import { readFileSync } from "node:fs";

const file = process.env.FAIRLEAD_TOLD_CLOCK ?? "";
/** Milliseconds between two looks at the file. */
const LOOK_MS = 2;

let told = 0;
let lookedAt = Number.NEGATIVE_INFINITY;

function now(): number {
  const at = performance.now();
  if (at - lookedAt < LOOK_MS) return told;
  lookedAt = at;
  told = Number(readFileSync(file, "utf8"));
  return told;
}

if (file !== "") {
  const real = Date;
  real.now = now;
  globalThis.Date = new Proxy(real, {
    construct: (target, parts: readonly unknown[]) =>
      parts.length === 0 ? new target(now()) : Reflect.construct(target, parts),
  });
}
