import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { printPlanMarkdown } from "../../../controller/plan/print-plan-markdown.ts";
import { Tab, type Theme } from "../../page/tab.ts";
import { NO_BROWSER, startBrowser } from "../../support/browser.ts";
import { EXAMPLE_PLANS, HOSTILE_NAMES } from "./example-plans.ts";
import { githubHtml, githubPage } from "./github-page.ts";

const COMMENTS = Object.entries(EXAMPLE_PLANS).map(
  ([name, plan]) => [name, printPlanMarkdown(plan())] as const,
);

test("a comment that no forge would take ends after a whole part, and says so", () => {
  const [, markdown = ""] = COMMENTS.find(([name]) => name === "huge") ?? [];
  assert.match(
    markdown,
    /\n\nThe comment is cut here, since a forge takes no longer ones: `fairlead plan` prints all of it\.\n$/,
  );
  assert.equal(markdown.match(/<details>/g)?.length, markdown.match(/<\/details>/g)?.length);
  assert.ok(markdown.length > 45_000, `only ${markdown.length} characters`);
});

/** What a comment may hold. GitHub throws other elements away; these are ours or those of Markdown itself. */
const ELEMENTS = new Set(
  "p h3 br code pre strong em sub span a ul li div details summary table thead tbody tr th td".split(" "),
);

/** In the text of a page, outside of code and links: what a forge would take for a person, an issue, a merge request. */
const REFERENCES = /(?:^|[^\w`])(?:@\w|[#!]\d|GH-\d)/i;

const cleanups: (() => unknown)[] = [];
let browser: Browser;
let folder: string;

before(async () => {
  if (NO_BROWSER !== false) return;
  browser = await startBrowser({ after: (cleanup) => void cleanups.push(cleanup) });
  folder = await mkdtemp(join(tmpdir(), "fairlead-comment-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
});

after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function show(name: string, markdown: string, width: number, theme: Theme): Promise<Tab> {
  const file = join(folder, `${name}.html`);
  await writeFile(file, githubPage(markdown));
  return Tab.open(browser, pathToFileURL(file).href, { width, theme });
}

test("what others wrote stands in the comment as they wrote it", { skip: NO_BROWSER }, async () => {
  const [, markdown = ""] = COMMENTS.find(([name]) => name === "hostile") ?? [];
  const tab = await show("as-written", markdown, 830, "light");
  const text = await tab.page.evaluate<string>("document.querySelector('.comment').textContent");
  const read = text.replaceAll("\u200b", "");
  const shown = HOSTILE_NAMES.map((name) => name.replaceAll("`code`", "code").replace("\u202e", "?"));
  assert.deepEqual(
    shown.filter((name) => !read.includes(name)),
    [],
  );
  await tab.close();
});

describe("a comment of a plan", () => {
  for (const [name, markdown] of COMMENTS) {
    test(`says of ${name} in its first line how many, and is one that forges take`, () => {
      const [marker, headline = ""] = markdown.split("\n");
      assert.equal(marker, "<!-- fairlead-plan -->");
      assert.match(headline, /^### (?:[\d,]+ of [\d,]+ (?:devices?|scopes?) .*\(\d+(?:\.\d)?%\)|None of )/);
      assert.ok(markdown.length <= 60_000, `${markdown.length} characters`);
      assert.doesNotMatch(markdown, /^\s*\//m, "no quick action of GitLab");
      // GitHub breaks the lines of a comment where they are broken in it.
      assert.doesNotMatch(githubHtml(markdown), /<p>[^<]*\n/);
    });

    test(`shows of ${name} tables, folded parts and text, and nothing that state has smuggled in`, {
      skip: NO_BROWSER,
    }, async () => {
      const tab = await show(name, markdown, 830, "dark");
      const found = await tab.page.evaluate<{
        elements: string[];
        attributes: string[];
        open: number;
        empty: number;
        ragged: number;
        texts: string[];
      }>(`({
        elements: [...new Set([...document.querySelectorAll(".comment *")].map(({ localName }) => localName))],
        attributes: [...new Set([...document.querySelectorAll(".comment :not(.markdown-alert, .markdown-alert-title)")]
          .flatMap((element) => element.getAttributeNames().map((name) => name + "=" + element.getAttribute(name))))],
        open: document.querySelectorAll(".comment details[open]").length,
        empty: [...document.querySelectorAll(".comment details")]
          .filter((details) => details.querySelector("table, li") === null).length,
        ragged: [...document.querySelectorAll(".comment tr")]
          .filter((row) => row.cells.length !== row.closest("table").rows[0].cells.length).length,
        texts: [...document.querySelectorAll(".comment :is(p, h3, li, td, summary)")].map((element) => {
          const copy = element.cloneNode(true);
          for (const part of copy.querySelectorAll("code, a, p, li, td")) part.remove();
          return copy.textContent;
        }),
      })`);
      assert.deepEqual(
        found.elements.filter((element) => !ELEMENTS.has(element)),
        [],
      );
      assert.deepEqual(
        found.attributes.filter((attribute) => !/^href=https:\/\/|^tabindex=0$/.test(attribute)),
        [],
      );
      assert.deepEqual([found.open, found.empty, found.ragged], [0, 0, 0]);
      assert.deepEqual(
        found.texts.filter((text) => REFERENCES.test(text)),
        [],
      );
      // Where state has no signs of Markdown, none is left over.
      const leftOver = found.texts.filter((text) => /\|.*\||^\s*[-#>]|\*\*|<\w/.test(text));
      assert.deepEqual(name === "hostile" ? [] : leftOver, []);
      await tab.close();
    });

    test(`fits for ${name} into a phone's width, and axe-core finds nothing`, {
      skip: NO_BROWSER,
    }, async () => {
      const tab = await show(name, markdown, 390, "light");
      assert.equal(await tab.isTooWide(), false);
      await tab.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      assert.equal(await tab.isTooWide(), false, "with everything unfolded");
      assert.deepEqual(await tab.violations(), []);
      assert.deepEqual(tab.complaints, []);
      await tab.close();
    });
  }
});
