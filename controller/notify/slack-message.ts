import { shorten } from "../../protocol/printable.ts";
import type { Message } from "./message.ts";

/** Characters that Slack takes for the text of a section, and of the whole. */
const MOST_IN_SECTION = 2_900;
const MOST_IN_HEADER = 140;

/**
 * A message for an incoming webhook of Slack: blocks of plain text, and the same as text for notifications and for those
 * that understand Slack's messages without blocks, such as Mattermost. Whatever comes from outside can mention nobody, make no
 * link, and fetch nothing.
 */
export function slackMessage({ title, lines, link }: Message): string {
  const said = [title, ...lines].join("\n");
  // Our own address, which says nothing that came from outside but names in their own form.
  const linked = link === undefined ? "" : `\n<${link}|open the page>`;
  const body = lines.length === 0 ? [] : [section(lines.join("\n"))];
  return JSON.stringify({
    text: `${inert(shorten(said, MOST_IN_SECTION))}${linked}`,
    blocks: [
      { type: "header", text: plain(shorten(title, MOST_IN_HEADER - 30)) },
      ...body,
      ...(link === undefined ? [] : [{ type: "section", text: { type: "mrkdwn", text: linked.trim() } }]),
    ],
    parse: "none",
    ...{ link_names: false, unfurl_links: false, unfurl_media: false },
  });
}

function section(text: string): object {
  return { type: "section", text: plain(shorten(text, MOST_IN_SECTION)) };
}

/** Slack shows it as it is: `<!channel>` in it is these ten characters. */
function plain(text: string): object {
  return { type: "plain_text", text, emoji: false };
}

/** Stands behind what would begin a mention, a link or an image, and is not seen. */
const BREAK = "\u200b";

/**
 * Text for where Slack reads its own markup, and others read Markdown: `&`, `<` and `>` as Slack has them escaped, and
 * neither `@here`, nor `[a](b)`, nor a bare address is taken for anything.
 */
function inert(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", `@${BREAK}`)
    .replaceAll("](", `]${BREAK}(`)
    .replaceAll("://", `:${BREAK}//`);
}
