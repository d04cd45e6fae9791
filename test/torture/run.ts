/** `npm run torture` */
import { arch, cpus, platform, release } from "node:os";
import { type Figures, figuresTable, writeFigures } from "./figures.ts";
import type { Tally } from "./kills.ts";
import { readSettings, type Settings, USAGE } from "./settings.ts";
import { type Task, tasksOf } from "./tasks.ts";

const EXIT = { fine: 0, found: 1, usage: 2 } as const;
/** Where progress is no terminal's, a line a minute says that it goes on. */
const QUIET_MS = 60_000;

async function main(): Promise<number> {
  let settings: Settings | undefined;
  try {
    settings = readSettings(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`error: ${error.message}\n${USAGE}`);
    return EXIT.usage;
  }
  if (settings === undefined) {
    process.stdout.write(USAGE);
    return EXIT.fine;
  }
  const began = Date.now();
  const waiting = [...tasksOf(settings)];
  const done: { readonly task: Task; readonly result: Tally | string }[] = [];
  await Promise.all(
    Array.from({ length: settings.jobs }, async () => {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
        done.push({ task, result: await runTask(task) });
      }
    }),
  );
  const figures: Figures = {
    seed: settings.seed,
    seconds: Math.round((Date.now() - began) / 1000),
    machine: `${platform()} ${release()} ${arch()}, ${cpus().length} cores, Node ${process.version}`,
    done: done.map(({ task: { part, format, scenario }, result }) => ({ part, format, scenario, result })),
  };
  process.stdout.write(`\n${figuresTable(figures)}\n`);
  if (settings.write) writeFigures(figures);
  const found = done.some(({ result }) => typeof result !== "string" && result.findings.length > 0);
  return found ? EXIT.found : EXIT.fine;
}

async function runTask(task: Task): Promise<Tally | string> {
  const name = `${task.part}: ${task.format}, ${task.scenario}`;
  let said = 0;
  const result = await task.run((at, of) => {
    const isTerminal = process.stderr.isTTY;
    if (!isTerminal && Date.now() - said < QUIET_MS) return;
    said = Date.now();
    process.stderr.write(isTerminal ? `\r\u001b[K${name} ${at}/${of}` : `${name} ${at}/${of}\n`);
  });
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  if (typeof result === "string") {
    process.stdout.write(`skipped ${name}: ${result}\n`);
    return result;
  }
  process.stdout.write(
    `${name}: ${result.faults} faults, ${result.met} of ${result.points} met, ${result.findings.length} findings\n`,
  );
  for (const { scenario, fault, problem } of result.findings) {
    process.stdout.write(`  ${scenario}, ${fault}: ${problem}\n`);
  }
  return result;
}

process.exit(await main());
