import { isYanked } from "../../state/product-versions.ts";
import { changedProducts } from "../changed-products.ts";
import { versionFile } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

const YANKED = versionFile("1.1.0", "active: false\nyankReason: loses reports\n");

export const channelPromotesYanked: StateRule = {
  id: "channel/promotes-yanked",
  severity: "error",
  summary: "a change promotes a version that is yanked",
  explanation:
    "A yank beats a promotion, also when the two were made on different branches and meet in a merge: whoever promoted did not know of the yank. Needs the state before the change (`--base`).",
  failing: {
    before: { "products/agent/channels/stable.yaml": "version: 1.0.0\n" },
    files: { "products/agent/versions/1.1.0.yaml": YANKED },
  },
  passing: {
    before: { "products/agent/channels/stable.yaml": "version: 1.1.0\n" },
    files: { "products/agent/versions/1.1.0.yaml": YANKED },
  },
  *check(context) {
    for (const [product, earlierProduct] of changedProducts(context)) {
      for (const [name, document] of product.channels) {
        const { version } = document.value;
        const release = product.versions.get(version);
        if (release === undefined || !isYanked(release)) continue;
        const earlier = earlierProduct?.channels.get(name)?.value.version;
        if (earlier === version) continue;
        const reason = release.value.yankReason;
        yield {
          message: `channel \`${name}\` is promoted to \`${version}\`, which is yanked`,
          at: { document, path: ["version"] },
          label: earlier === undefined ? "new channel" : `was \`${earlier}\``,
          related: [{ at: { document: release, path: ["active"] }, label: "yanked here" }],
          notes: reason === undefined ? [] : [`yanked because: ${reason}`],
          help: "promote an active version; a yank beats a promotion",
        };
      }
    }
  },
};
