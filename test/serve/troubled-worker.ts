/**
 * The real worker, which also obeys a file `trouble` in its state folder: a thread can only be made to fail from inside.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { workerData } from "node:worker_threads";

const file = join(workerData.stateFolder, "trouble");

setInterval(() => {
  if (!existsSync(file)) return;
  const trouble = readFileSync(file, "utf8");
  if (trouble === "") return;
  rmSync(file);
  switch (trouble) {
    case "throw":
      throw new TypeError("nobody foresaw this");
    case "eat":
      for (const eaten: unknown[] = []; ; ) eaten.push(new Array(10_000).fill({}));
    case "spin":
      for (;;);
  }
}, 20);

await import("../../controller/serve/worker/reconcile-worker.ts");
