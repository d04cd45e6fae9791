import type { ProductModel } from "../../state/fleet-model.ts";
import type { ProductRule } from "../rule.ts";

export const channelCircularPromotion: ProductRule = {
  id: "channel/circular-promotion",
  severity: "error",
  summary: "a channel follows itself, directly or in a circle",
  explanation:
    "Versions go from one channel to the next. In a circle each channel waits for another, and nothing new ever comes in.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 1.1.0\npromotion: {from: beta}\n",
      "products/agent/channels/beta.yaml": "version: 1.1.0\npromotion: {from: stable}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 1.1.0\npromotion: {from: beta}\n",
      "products/agent/channels/beta.yaml": "version: 1.1.0\n",
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      const circle = circleOf(product, name);
      // Each circle is reported once, at the member that comes first by name.
      if (circle === undefined || circle.toSorted()[0] !== name) continue;
      yield {
        message: `channel \`${name}\` follows itself: ${[...circle, name].map((step) => `\`${step}\``).join(" from ")}`,
        at: { document, path: ["promotion", "from"] },
        help: "let one of them take versions from no other channel",
      };
    }
  },
};

/** The channels on the way from `start` back to itself, or `undefined` when the way ends elsewhere. */
function circleOf(product: ProductModel, start: string): string[] | undefined {
  const way = [start];
  for (;;) {
    const next = product.channels.get(way.at(-1) ?? "")?.value.promotion?.from;
    if (next === start) return way;
    if (next === undefined || way.includes(next)) return undefined;
    way.push(next);
  }
}
