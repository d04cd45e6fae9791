import { isYanked } from "../../state/product-versions.ts";
import { channelFallback, describeFallback } from "../channel-fallback.ts";
import { channelsWith } from "../channels-with.ts";
import { versionFile } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

export const channelYankedRelease: StateRule = {
  id: "channel/yanked-release",
  severity: "warning",
  summary: "a channel points to a yanked version and falls back",
  explanation:
    "A yanked version is offered to nobody. The channel offers the last version that it pointed to before and that is still active, and nothing when there is none. That is what a yank is for, so it is no error; promote a good version when there is one.",
  failing: {
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile(
        "1.1.0",
        "active: false\nyankReason: loses reports\n",
      ),
    },
    history: {
      "agent/stable": [
        { version: "1.1.0", daysAgo: 1 },
        { version: "1.0.0", daysAgo: 30 },
      ],
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 1.0.0\n",
      "products/agent/versions/1.1.0.yaml": versionFile(
        "1.1.0",
        "active: false\nyankReason: loses reports\n",
      ),
    },
  },
  *check(context) {
    for (const { product, name, document } of channelsWith(context.state, "yankedVersion")) {
      const { version } = document.value;
      const release = product.versions.get(version);
      if (release === undefined || !isYanked(release)) continue;
      const earlier = context.before?.products.get(product.name)?.channels.get(name);
      // A promotion to it is an error of its own: `channel/promotes-yanked`.
      if (context.before !== undefined && earlier?.value.version !== version) continue;
      yield {
        message: `channel \`${name}\` points to \`${version}\`, which is yanked: ${describeFallback(channelFallback(context, product, name))}`,
        at: { document, path: ["version"] },
        related: [{ at: { document: release, path: ["active"] }, label: "yanked here" }],
        help: `promote an active version to \`${name}\``,
      };
    }
  },
};
