/** `npm run fleet -- --agents 10000` */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { watchOnPage } from "../test/page/watch-on-page.ts";
import { Narrator } from "./promises.ts";
import { readSettings, USAGE } from "./settings.ts";
import { type Figures, playStory } from "./story.ts";

const EXIT = { kept: 0, broken: 1, usage: 2 } as const;

async function main(): Promise<number> {
  let settings: ReturnType<typeof readSettings>;
  try {
    settings = readSettings(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`error: ${error.message}\n${USAGE}`);
    return EXIT.usage;
  }
  if (settings === undefined) {
    process.stdout.write(USAGE);
    return EXIT.kept;
  }
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const folder = await mkdtemp(join(tmpdir(), "fairlead-load-"));
  const narrator = new Narrator(settings.json);
  let figures: Figures | undefined;
  try {
    if (settings.page) await watchOnPage(settings, folder, narrator);
    else figures = await playStory(settings, folder, narrator, stop.signal);
  } catch (error) {
    narrator.promise(false, error instanceof Error ? error.message : String(error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { promises } = narrator;
  if (settings.json) process.stdout.write(`${JSON.stringify({ promises, figures }, undefined, 2)}\n`);
  else if (figures !== undefined) process.stdout.write(describe(figures));
  return promises.every(({ isKept }) => isKept) ? EXIT.kept : EXIT.broken;
}

function describe(figures: Figures): string {
  const { checkIn, poll, controller, bytes } = figures;
  const mebibytes = (value: number): string => `${(value / 2 ** 20).toFixed(0)} MiB`;
  const spread = ({ p50, p99 }: { readonly p50: number; readonly p99: number }): string =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  return `
agents       ${figures.agents}, ${figures.streams} streams open
check-ins    ${figures.checkIns}, ${figures.checkInsPerSecond.toFixed(0)} per second, ${spread(checkIn)}
polls        ${spread(poll)}
controller   ${mebibytes(controller.rssBytes)} resident, ${controller.cpuSeconds.toFixed(0)} s of CPU in ${figures.seconds.toFixed(0)} s
bytes        ${mebibytes(bytes.sent)} sent by devices, ${mebibytes(bytes.received)} received
`;
}

process.exit(await main());
