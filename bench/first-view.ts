import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Tab } from "../test/page/tab.ts";
import { startBrowser } from "../test/support/browser.ts";
import { ControllerProcess } from "../test/support/controller-process.ts";
import { StateRepository } from "../test/support/state-repository.ts";
import { median } from "./measure.ts";

const ROUNDS = 5;

/** What the first view of the page costs who opens it for the first time: bytes as they came, and time of scripts. */
export async function benchFirstView(): Promise<void> {
  const cleanups: (() => unknown)[] = [];
  const t = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) };
  try {
    const state = await StateRepository.create(t);
    await state.addVersion("1.0.0");
    await state.point("stable", "1.0.0");
    await state.commit("lantern");
    const { url, stateDirectory } = await ControllerProcess.start(t, state.directory);
    const token = (await readFile(join(stateDirectory, "operator-token"), "utf8")).trim();
    const browser = await startBrowser(t);
    const bytes: number[] = [];
    const scripts: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const tab = await Tab.open(browser, url, { token });
      await tab.settled();
      bytes.push(
        await tab.page.evaluate<number>(
          "performance.getEntries().reduce((sum, { transferSize = 0 }) => sum + transferSize, 0)",
        ),
      );
      scripts.push((await tab.scriptSecondsOfLoad()) * 1_000);
      await tab.close();
    }
    console.log(`\nfirst view of the page, ${ROUNDS} times, each in a browser that has nothing kept`);
    console.log(`  compressed, with headers and answers   ${(median(bytes) / 1_000).toFixed(1)} kB`);
    console.log(`  scripts until the overview is drawn    ${median(scripts).toFixed(0)} ms`);
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}
