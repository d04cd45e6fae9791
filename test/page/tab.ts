import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Locator, Page } from "playwright-core";
import { openTab } from "../support/browser.ts";
import type { View } from "./views.ts";

export type Theme = "light" | "dark";

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: Theme;
  /** What the browser's clock says, seconds since 1970; absent: the time. */
  readonly now?: number;
  /** Signs whoever looks in. */
  readonly token?: string;
}

/** What axe-core found. */
export interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly string[];
}

/** How much a page holds, after what nobody needs was thrown away. */
export interface Held {
  /** Bytes. */
  readonly heap: number;
  /** Nodes of the document. */
  readonly nodes: number;
  readonly listeners: number;
}

const MOST_TABS = 80;
const MOST_ROWS = 20;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The page in a browser that is nobody else's, with all that it complained of. */
export class Tab {
  readonly page: Page;
  private readonly said: readonly string[];
  private readonly askedOthers: string[] = [];
  private readonly origin: string;

  private constructor(page: Page, said: readonly string[], origin: string) {
    this.page = page;
    this.said = said;
    this.origin = origin;
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && url.protocol !== "data:") this.askedOthers.push(`asks ${request.url()}`);
    });
  }

  /** Errors of scripts and the console, what the content security policy refused, requests to other hosts. */
  get complaints(): readonly string[] {
    return [...this.said, ...this.askedOthers];
  }

  static async open(browser: Browser, url: string, look: Look = {}): Promise<Tab> {
    const { width = 1600, height = 1000, theme = "light", now, token } = look;
    const { page, complaints } = await openTab(browser, {
      viewport: { width, height },
      ...{ colorScheme: theme, reducedMotion: "reduce", locale: "en-GB", timezoneId: "UTC" },
    });
    const { origin } = new URL(url);
    const tab = new Tab(page, complaints, origin);
    if (now !== undefined) await page.clock.setFixedTime(now * 1_000);
    await page.goto(token === undefined ? url : `${origin}/#token=${token}`);
    return tab;
  }

  /** Goes to another address of the page, as who types it does. */
  async visit(path: string): Promise<void> {
    await this.page.goto(this.origin + path);
    await this.settled();
  }

  /** Shows a view, with what is opened over it. */
  async show({ path, keys, button, unfolds }: View): Promise<void> {
    await this.visit(path);
    if (unfolds !== undefined) await this.page.getByRole("button", { name: unfolds }).click();
    if (keys !== undefined) await this.press(...keys);
    if (button !== undefined) await this.page.getByRole("button", { name: button }).click();
    if (keys === undefined && button === undefined) return;
    const dialog = this.page.getByRole("dialog");
    await dialog.waitFor();
    if (button !== undefined) await dialog.getByRole("button", { name: /^(Commit|Propose)/ }).waitFor();
  }

  /** Waits until the view has what it shows. */
  async settled(): Promise<void> {
    await this.page.locator("main h1").first().waitFor();
    await this.page.locator("main [aria-busy=true]").first().waitFor({ state: "detached" });
    // What is drawn by its own width is drawn then.
    await this.page.evaluate(
      "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
    );
  }

  /** What all rules of axe-core but the experimental ones find in the whole document. */
  async violations(): Promise<readonly Violation[]> {
    const isThere = await this.page.evaluate<boolean>("'axe' in globalThis");
    // Not as a script of the page, which its policy would refuse.
    if (!isThere) await this.page.evaluate(axe);
    const { violations } = await this.page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
    return violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary.split("\n").join(" ")}`),
    }));
  }

  /** Whether anything is wider than the window, so that the page would scroll sideways. */
  async isTooWide(): Promise<boolean> {
    return this.page.evaluate<boolean>("document.documentElement.scrollWidth > window.innerWidth");
  }

  async held(): Promise<Held> {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send("HeapProfiler.collectGarbage");
    await session.send("Performance.enable");
    const { metrics } = await session.send("Performance.getMetrics");
    await session.detach();
    const value = (name: string): number =>
      metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { heap: value("JSHeapUsedSize"), nodes: value("Nodes"), listeners: value("JSEventListeners") };
  }

  /** Loads the page once more, with nothing kept. @returns seconds for which scripts ran until its view was there */
  async scriptSecondsOfLoad(): Promise<number> {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    await session.send("Performance.enable");
    await this.page.reload();
    await this.settled();
    const { metrics } = await session.send("Performance.getMetrics");
    await session.detach();
    return metrics.find(({ name }) => name === "ScriptDuration")?.value ?? Number.NaN;
  }

  /** From here on it is to be the same document. */
  async remember(): Promise<void> {
    await this.page.evaluate("globalThis.isTheFirst = true");
  }

  /** Whether it was never loaded again since it was told to remember. */
  async remembers(): Promise<boolean> {
    return this.page.evaluate<boolean>("globalThis.isTheFirst === true");
  }

  /** Presses one key after the other, as `g f` or `Enter`. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Goes on from control to control until this one has the focus. */
  async focusByTab(wanted: Locator): Promise<void> {
    for (let presses = 0; presses < MOST_TABS; presses++) {
      await this.press("Tab");
      if ((await wanted.and(this.page.locator(":focus")).count()) === 1) return;
    }
    throw new Error(`no Tab of ${MOST_TABS} led to it`);
  }

  /** Goes on with `j` to the row that says so, and opens what it is there to open. */
  async openRow(text: RegExp): Promise<void> {
    const focused = this.page.locator("main :is([data-row], tr[data-id]):focus-within");
    for (let presses = 0; presses < MOST_ROWS; presses++) {
      await this.press("j");
      if (text.test(await focused.innerText())) {
        await this.press("Enter");
        return;
      }
    }
    throw new Error(`no row of ${MOST_ROWS} says ${text}`);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}
