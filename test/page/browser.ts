import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Where systems put it. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executable = PLACES.find((place) => existsSync(place));

/** For a test: why it cannot look at the page; `false`: it can. */
export const WITHOUT_CHROMIUM = executable === undefined ? "Chromium is not installed" : false;

export type Theme = "light" | "dark";

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: Theme;
  /** What the browser's clock says, seconds since 1970; absent: the time. */
  readonly now?: number;
}

/** A browser that asks nobody but the page's own address, and says what went wrong in it. */
export class Chromium {
  private readonly browser: Browser;

  private constructor(browser: Browser) {
    this.browser = browser;
  }

  static async start(): Promise<Chromium> {
    if (executable === undefined) throw new Error("Chromium is not installed");
    const args = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"];
    args.push("--disable-sync", "--no-first-run", "--js-flags=--expose-gc");
    // Chromium's sandbox refuses to run as root.
    if (process.getuid?.() === 0) args.push("--no-sandbox");
    return new Chromium(await chromium.launch({ executablePath: executable, args }));
  }

  async open(url: string, { width = 1600, height = 1000, theme = "light", now }: Look = {}): Promise<Tab> {
    const context = await this.browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "UTC",
      deviceScaleFactor: 1,
    });
    if (now !== undefined) await context.clock.setFixedTime(now * 1_000);
    return Tab.open(context, url);
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** What axe-core found. */
export interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly string[];
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** One page in a browser of its own, with all that it complained of. */
export class Tab {
  readonly page: Page;
  /** Errors of scripts and the console, refusals of the content security policy, requests to others. */
  readonly complaints: string[] = [];
  private readonly context: BrowserContext;
  private readonly origin: string;

  private constructor(context: BrowserContext, page: Page, origin: string) {
    this.context = context;
    this.page = page;
    this.origin = origin;
  }

  static async open(context: BrowserContext, url: string): Promise<Tab> {
    const page = await context.newPage();
    const tab = new Tab(context, page, new URL(url).origin);
    tab.listen();
    await page.goto(url, { waitUntil: "load" });
    return tab;
  }

  private listen(): void {
    const { page, origin, complaints } = this;
    page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    // Also what the content security policy refuses.
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        complaints.push(`console: ${message.text()} (${message.location().url})`);
      }
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && url.protocol !== "data:") complaints.push(`asks ${request.url()}`);
    });
  }

  /** Goes to another address of the same page, as a link does. */
  async visit(path: string): Promise<void> {
    await this.page.goto(this.origin + path, { waitUntil: "load" });
  }

  /** Waits until the view has what it shows. */
  async settled(): Promise<void> {
    await this.page.locator("main h1").first().waitFor();
    await this.page.locator("main [aria-busy=true]").first().waitFor({ state: "detached" });
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

  async close(): Promise<void> {
    await this.context.close();
  }
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}
