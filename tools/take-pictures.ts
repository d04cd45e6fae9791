/**
 * Takes the pictures of the page that are kept in `docs/page/`: every view of one moment at three widths, light and dark.
 * `--only NAME` takes those of one view, and can be given more than once; `--to DIR` puts them elsewhere, as PNG, to be looked at.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startMoment } from "../test/page/moment/moment-process.ts";
import { Tab } from "../test/page/tab.ts";
import { THEMES, type View, viewsOf, WIDTHS } from "../test/page/views.ts";
import { startBrowser } from "../test/support/browser.ts";

const KEPT = join(import.meta.dirname, "..", "docs", "page");
/** Of 100: letters are sharp, and all pictures together are under 2.5 MB. */
const QUALITY = 34;
const HEIGHTS: Readonly<Record<number, number>> = { 390: 844, 1024: 768, 1600: 1000 };
/** Pixels of a picture at most: what is below says nothing new. */
const TALLEST = 2_000;

const { values } = parseArgs({
  options: { only: { type: "string", multiple: true }, to: { type: "string" } },
});
const cleanups: (() => unknown)[] = [];
try {
  const whoever = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) };
  const moment = await startMoment(whoever);
  const browser = await startBrowser(whoever);
  const folder = values.to ?? KEPT;
  await mkdir(folder, { recursive: true });
  for (const view of viewsOf(moment)) {
    const { name } = view;
    if (values.only?.includes(name) === false) continue;
    if (values.to === undefined && view.isVariant === true) continue;
    for (const width of WIDTHS) {
      for (const theme of THEMES) {
        const { url, now, token } = moment;
        const tab = await Tab.open(browser, url, { width, height: HEIGHTS[width] ?? 900, theme, now, token });
        await tab.show(view);
        const format = values.to === undefined ? "webp" : "png";
        await writeFile(
          join(folder, `${name}-${width}-${theme}.${format}`),
          await picture(tab, view, width, format),
        );
        if (await tab.isTooWide()) process.stderr.write(`${name} at ${width}: wider than the window\n`);
        for (const complaint of tab.complaints) process.stderr.write(`${name} at ${width}: ${complaint}\n`);
        await tab.close();
      }
    }
  }
} finally {
  for (const cleanup of cleanups.reverse()) await cleanup();
}

/** The whole page, as far as it says anything new. */
async function picture(
  { page }: Tab,
  { keys, button }: View,
  width: number,
  format: "webp" | "png",
): Promise<Buffer> {
  // Below what is opened over a view stands nothing new.
  const isWhole = keys === undefined && button === undefined;
  const height = isWhole
    ? Math.min(TALLEST, await page.evaluate<number>("document.documentElement.scrollHeight"))
    : (HEIGHTS[width] ?? 900);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", {
    format,
    ...(format === "webp" ? { quality: QUALITY } : {}),
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width, height, scale: 1 },
  });
  return Buffer.from(data, "base64");
}
