import type { ChannelFeed, FeedEntry } from "./channel-feed.ts";

export const ATOM_TYPE = "application/atom+xml; charset=utf-8";

/** A feed as Atom (RFC 4287). @param self its own address */
export function atomFeed({ id, title, updated, entries }: ChannelFeed, self: string): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `  <id>${escaped(id)}</id>`,
    `  <title>${escaped(title)}</title>`,
    `  <updated>${isoTime(updated)}</updated>`,
    `  <link rel="self" type="application/atom+xml" href="${escaped(self)}"/>`,
    "  <author><name>Fairlead</name></author>",
    "  <generator>Fairlead</generator>",
    ...entries.map(atomEntry),
    "</feed>",
    "",
  ].join("\n");
}

function atomEntry({ id, title, at, isSecurity, content }: FeedEntry): string {
  return [
    "  <entry>",
    `    <id>${escaped(id)}</id>`,
    `    <title>${escaped(title)}</title>`,
    `    <published>${isoTime(at)}</published>`,
    `    <updated>${isoTime(at)}</updated>`,
    ...(isSecurity ? ['    <category term="security" label="Security"/>'] : []),
    `    <content type="text">${escaped(content)}</content>`,
    "  </entry>",
  ].join("\n");
}

/** What XML 1.0 cannot hold at all, in whatever spelling: control characters, lone surrogates, U+FFFE and U+FFFF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is for
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      .replaceAll(IMPOSSIBLE, "\ufffd")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      // A reader of XML takes it for a line feed otherwise.
      .replaceAll("\r", "&#13;")
  );
}

function isoTime(second: number): string {
  return new Date(second * 1000).toISOString().replace(".000Z", "Z");
}
