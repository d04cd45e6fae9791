/** Who may read the feeds of versions: everybody, who shows a token, or nobody. */
export type FeedAccess = "public" | "token" | "off";
