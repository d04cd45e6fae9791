import type { ChannelFeed } from "./channel-feed.ts";

export const JSON_FEED_TYPE = "application/feed+json; charset=utf-8";

/** A feed as JSON Feed 1.1. @param self its own address */
export function jsonFeed({ title, entries }: ChannelFeed, self: string): string {
  const feed = {
    version: "https://jsonfeed.org/version/1.1",
    title,
    feed_url: self,
    authors: [{ name: "Fairlead" }],
    items: entries.map((entry) => ({
      id: entry.id,
      title: entry.title,
      content_text: entry.content,
      date_published: new Date(entry.at * 1000).toISOString(),
      ...(entry.isSecurity ? { tags: ["security"] } : {}),
    })),
  };
  return `${JSON.stringify(feed, undefined, 1)}\n`;
}
