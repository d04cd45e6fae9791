import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** Pixels: a phone, and the column of a pull request beside its bar. */
export const COMMENT_WIDTHS = [390, 830] as const;

const css = readFileSync(
  createRequire(import.meta.url).resolve("github-markdown-css/github-markdown.css"),
  "utf8",
);

/** How a comment stands on GitHub: below who wrote it, in a frame, as wide as the window leaves it. */
const FRAME = `
  body { margin: 0; }
  .page { box-sizing: border-box; min-height: 100vh; padding: 8px; }
  .page > h1 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
  .said { border: 1px solid var(--borderColor-default); border-radius: 6px; }
  .said > h2 {
    margin: 0; padding: 8px 16px; border-bottom: 1px solid var(--borderColor-default);
    font-size: 14px; font-weight: 400; background: var(--bgColor-muted);
  }
  .said > div { padding: 16px; }
`;

/** The HTML that GitHub makes of a comment: its Markdown (GFM) with its alerts. */
export function githubHtml(markdown: string): string {
  const html = micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  });
  // GitHub's own element around a table makes it reachable for keys where it has to be scrolled.
  return html
    .replaceAll("<table>", '<table tabindex="0">')
    .replace(
      /<blockquote>\n<p>\[!(CAUTION|WARNING)\]<\/p>([\s\S]*?)<\/blockquote>/g,
      (_, kind: string, rest: string) => {
        const name = kind.toLowerCase();
        const title = `${kind.slice(0, 1)}${name.slice(1)}`;
        return `<div class="markdown-alert markdown-alert-${name}"><p class="markdown-alert-title">${title}</p>${rest}</div>`;
      },
    );
}

/** A page that shows a comment as GitHub does, light or dark as the browser is. */
export function githubPage(markdown: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A pull request</title>
<style>${css}${FRAME}</style></head>
<body><main class="markdown-body page"><h1>A pull request</h1>
<article class="said"><h2><strong>github-actions</strong> commented</h2>
<div class="comment markdown-body">${githubHtml(markdown)}</div></article></main></body>
</html>`;
}
