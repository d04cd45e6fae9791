import { orderOf, yankedPlatforms } from "../../state/product-versions.ts";
import { channelFallback } from "../channel-fallback.ts";
import { versionFile, versionYankedOnArm } from "../example-state.ts";
import { minimumsOf } from "../minimum-versions.ts";
import type { ProductRule } from "../rule.ts";

export const channelPlatformBelowMinimum: ProductRule = {
  id: "channel/platform-below-minimum",
  needs: "histories",
  severity: "warning",
  summary: "what satisfies a minimum version is yanked for a platform",
  explanation:
    "Devices below the minimum must update at once. Where the only version of the channel that is high enough is yanked for their platform, they get an older one or nothing, and stay below it. A yank must never have to wait for a minimum, so this is a warning. Needs the history of the repository.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 1.1.0\nminVersion: 1.1.0\n",
      "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", "", ["linux-x64", "linux-arm64"]),
      "products/agent/versions/1.1.0.yaml": versionYankedOnArm("1.1.0"),
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
      "products/agent/channels/stable.yaml": "version: 1.1.0\nminVersion: 1.0.0\n",
      "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", "", ["linux-x64", "linux-arm64"]),
      "products/agent/versions/1.1.0.yaml": versionYankedOnArm("1.1.0"),
    },
    history: {
      "agent/stable": [
        { version: "1.1.0", daysAgo: 1 },
        { version: "1.0.0", daysAgo: 30 },
      ],
    },
  },
  *checkProduct(product, beside) {
    for (const [name, document] of product.channels) {
      const { version } = document.value;
      const release = product.versions.get(version);
      if (release === undefined) continue;
      for (const platform of yankedPlatforms(release)) {
        const fallback = channelFallback(beside, product, name, platform);
        if (fallback === "unknown") continue;
        for (const minimum of minimumsOf(beside, product, name)) {
          // Where even the channel's version is too low, `channel/below-minimum` says so.
          if ((orderOf(product, version, minimum.version) ?? -1) < 0) continue;
          if (fallback !== undefined && (orderOf(product, fallback.version, minimum.version) ?? 0) >= 0)
            continue;
          const offers = fallback === undefined ? "nothing" : `\`${fallback.version}\``;
          yield {
            message: `the minimum \`${minimum.version}\` cannot be satisfied on ${platform}: channel \`${name}\` offers ${offers} there`,
            at: { document: minimum.document, path: ["minVersion"] },
            related: [{ at: { document, path: ["version"] }, label: `yanked for ${platform}` }],
            help: `promote a version to \`${name}\` that is active for ${platform}, or lower the minimum`,
          };
        }
      }
    }
  },
};
