/**
 * Takes the pictures that are kept in `docs/page/`: every view of one moment at three widths, light and dark; and those in
 * `docs/pull-request/`: comments of plans as GitHub shows them, at two. `--only NAME` takes those of one view or comment
 * (`comment-rollback`), and can be given more than once; `--to DIR` puts them elsewhere, as PNG, to be looked at.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { printPlanMarkdown } from "../controller/plan/print-plan-markdown.ts";
import { startMoment } from "../test/page/moment/moment-process.ts";
import { Tab } from "../test/page/tab.ts";
import { THEMES, viewsOf, WIDTHS } from "../test/page/views.ts";
import { EXAMPLE_PLANS } from "../test/plan/comment/example-plans.ts";
import { COMMENT_WIDTHS, githubPage } from "../test/plan/comment/github-page.ts";
import { startBrowser } from "../test/support/browser.ts";

const DOCS = join(import.meta.dirname, "..", "docs");
/** Of 100: letters are sharp, and all pictures together are under 2.5 MB. */
const QUALITY = 34;
const HEIGHTS: Readonly<Record<number, number>> = { 390: 844, 1024: 768, 1600: 1000 };
/** Pixels of a picture at most: what is below says nothing new. */
const TALLEST = 2_000;

const COMMENTS_KEPT = ["promotion", "rollback", "refused", "broken-expectations", "many-channels"];

const { values } = parseArgs({
  options: { only: { type: "string", multiple: true }, to: { type: "string" } },
});
const format = values.to === undefined ? "webp" : "png";
const cleanups: (() => unknown)[] = [];
const whoever = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) };

try {
  const browser = await startBrowser(whoever);
  await takeComments(browser);
  if (values.only?.every((name) => name.startsWith("comment-")) !== true) await takePage(browser);
} finally {
  for (const cleanup of cleanups.reverse()) await cleanup();
}

async function takePage(browser: Browser): Promise<void> {
  const moment = await startMoment(whoever);
  for (const view of viewsOf(moment)) {
    const { name } = view;
    if (values.only?.includes(name) === false) continue;
    if (values.to === undefined && view.isVariant === true) continue;
    for (const width of WIDTHS) {
      for (const theme of THEMES) {
        const { url, now, token } = moment;
        const height = HEIGHTS[width] ?? 900;
        const tab = await Tab.open(browser, url, { width, height, theme, now, token });
        await tab.show(view);
        // Below what is opened over a view stands nothing new.
        const isWhole = view.keys === undefined && view.button === undefined;
        await take(tab, "page", `${name}-${width}-${theme}`, width, isWhole ? undefined : height);
      }
    }
  }
}

async function takeComments(browser: Browser): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-pictures-"));
  whoever.after(() => rm(folder, { recursive: true, force: true }));
  for (const [example, plan] of Object.entries(EXAMPLE_PLANS)) {
    const name = `comment-${example}`;
    if (values.only?.includes(name) === false) continue;
    if (values.to === undefined && !COMMENTS_KEPT.includes(example)) continue;
    const file = join(folder, `${name}.html`);
    await writeFile(file, githubPage(printPlanMarkdown(plan())));
    for (const width of COMMENT_WIDTHS) {
      for (const theme of THEMES) {
        const tab = await Tab.open(browser, pathToFileURL(file).href, { width, height: 100, theme });
        await take(tab, "pull-request", `${name}-${width}-${theme}`, width);
      }
    }
  }
}

/** @param folder of `docs/` @param height absent: the whole page, as far as it says anything new */
async function take(tab: Tab, folder: string, name: string, width: number, height?: number): Promise<void> {
  const place = values.to ?? join(DOCS, folder);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, `${name}.${format}`), await picture(tab, width, height));
  if (await tab.isTooWide()) process.stderr.write(`${name}: wider than the window\n`);
  for (const complaint of tab.complaints) process.stderr.write(`${name}: ${complaint}\n`);
  await tab.close();
}

async function picture({ page }: Tab, width: number, given: number | undefined): Promise<Buffer> {
  const whole = await page.evaluate<number>("document.documentElement.scrollHeight");
  const height = given ?? Math.min(TALLEST, whole);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", {
    format,
    ...(format === "webp" ? { quality: QUALITY } : {}),
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width, height, scale: 1 },
  });
  return Buffer.from(data, "base64");
}
