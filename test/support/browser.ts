import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { Cleanups } from "./cleanups.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"] as const;
const place = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path));

/** Why tests in a browser are left out; `false`: they are not. */
export const NO_BROWSER = place === undefined ? "Chromium is missing: apt-get install chromium" : false;

const FLAGS = [
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  // Root, as in a container, may start it in no other way.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/** A browser that ends with the test. */
export async function startBrowser(t: Cleanups): Promise<Browser> {
  if (place === undefined) throw new Error("there is no browser");
  const browser = await chromium.launch({ executablePath: place, args: FLAGS });
  t.after(() => browser.close());
  return browser;
}

/** A tab of its own, and what it complained of: errors of scripts, what the console says, what a policy refused. */
export async function openTab(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
  return { page, complaints };
}
