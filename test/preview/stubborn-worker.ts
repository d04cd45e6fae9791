/** Stands in for the thread that reads git: answers, hangs or dies, as it is asked. */
import { parentPort } from "node:worker_threads";

parentPort?.on("message", ({ kind, id, args }: { kind: string; id: number; args: readonly unknown[] }) => {
  if (kind === "stop") process.exit();
  if (kind !== "call") return;
  const [how] = args;
  if (how === "hang") for (;;);
  if (how === "die") process.exit();
  if (how === "eat") {
    const eaten: number[][] = [];
    for (;;) eaten.push(Array.from({ length: 100_000 }, (_, n) => n + 0.5));
  }
  parentPort?.postMessage({ kind: "answer", id, value: how });
});
