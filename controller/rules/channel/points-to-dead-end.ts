import { isYanked } from "../../state/product-versions.ts";
import { channelFallback, describeFallback } from "../channel-fallback.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

const DEAD_END = versionFile("1.1.0", "deadEnd: {reason: cannot update itself}\n");

export const channelPointsToDeadEnd: ProductRule = {
  id: "channel/points-to-dead-end",
  severity: "warning",
  summary: "a channel points to a dead end",
  explanation:
    "No way leads up from a dead end, so no machine is sent there: the channel offers the last version that it pointed to before. Machines that run it already stay on it until somebody installs another version by hand, or the channel declares a `rollback` from it.",
  failing: {
    files: { "products/agent/versions/1.1.0.yaml": DEAD_END },
    history: {
      "agent/stable": [
        { version: "1.1.0", daysAgo: 1 },
        { version: "1.0.0", daysAgo: 30 },
      ],
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 1.2.0\n",
      "products/agent/versions/1.1.0.yaml": DEAD_END,
      "products/agent/versions/1.2.0.yaml": versionFile("1.2.0"),
    },
  },
  *checkProduct(product, beside) {
    for (const [name, document] of product.channels) {
      const { version } = document.value;
      const release = product.versions.get(version);
      const deadEnd = release?.value.deadEnd;
      // Of a yanked one `channel/yanked-release` says what is offered instead.
      if (release === undefined || deadEnd === undefined || isYanked(release)) continue;
      const instead = describeFallback(channelFallback(beside, product, name));
      yield {
        message: `channel \`${name}\` points to \`${version}\`, which is a dead end: ${instead}`,
        at: { document, path: ["version"] },
        related: [{ at: { document: release, path: ["deadEnd"] }, label: "a dead end" }],
        notes: [`machines there stay: ${deadEnd.reason}`],
        help: `promote another version to \`${name}\``,
      };
    }
  },
};
