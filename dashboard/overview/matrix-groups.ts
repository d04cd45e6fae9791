import type { ChannelRow, ProductOverview } from "../api/types.ts";

/** As many channels as are shown one by one; of more, those that rest are summed up for each product. */
const MOST_ROWS = 24;

export interface MatrixGroup {
  readonly product: ProductOverview;
  readonly rows: readonly ChannelRow[];
  /** Channels at rest that are not shown. */
  readonly folded: readonly ChannelRow[];
}

/** Whether nothing happens in a channel, and nothing has to. */
export function isAtRest({ state }: Pick<ChannelRow, "state">): boolean {
  return state === "done";
}

/**
 * The channels of each product. Where there are many, only those in which something happens, and the others in one line.
 *
 * @param opened names of products that somebody wants to see whole
 */
export function matrixGroups(
  products: readonly ProductOverview[],
  opened: ReadonlySet<string>,
): MatrixGroup[] {
  const all = products.reduce((sum, { channels }) => sum + channels.length, 0);
  return products.map((product) => {
    const { channels } = product;
    const folded = all <= MOST_ROWS || opened.has(product.name) ? [] : channels.filter(isAtRest);
    // A line for one channel would say less than the channel.
    if (folded.length < 2) return { product, rows: channels, folded: [] };
    return { product, rows: channels.filter((row) => !isAtRest(row)), folded };
  });
}

/** `agent` has machines on several channels: all that follow any. */
export function machinesOf({ channels }: Pick<ProductOverview, "channels">): number {
  return channels.reduce((sum, { machines }) => sum + machines, 0);
}

/** What the line of folded channels says: `6 channels at rest: lts, lts-1.3, oem and 3 more`. */
export function foldedSentence(rows: readonly Pick<ChannelRow, "channel">[]): string {
  const named = rows.slice(0, 4).map(({ channel }) => channel);
  const more = rows.length - named.length;
  const list = more === 0 ? `${named.slice(0, -1).join(", ")} and ${named.at(-1) ?? ""}` : named.join(", ");
  return `${rows.length} channels at rest: ${list}${more === 0 ? "" : ` and ${more} more`}`;
}
