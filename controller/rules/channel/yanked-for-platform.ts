import { listNames, yankedPlatforms } from "../../state/product-versions.ts";
import { channelFallback, describeFallback } from "../channel-fallback.ts";
import { versionFile, versionYankedOnArm } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const channelYankedForPlatform: ProductRule = {
  id: "channel/yanked-for-platform",
  severity: "warning",
  summary: "a channel points to a version that is yanked for a platform, and falls back there",
  explanation:
    "Machines of that platform are offered the last version that the channel pointed to before and that is active for them, and nothing when there is none; the others go on. That is what the yank is for, so it is no error; promote a version that is good for all when there is one.",
  failing: {
    files: {
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
      "products/agent/channels/stable.yaml": "version: 1.0.0\n",
      "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", "", ["linux-x64", "linux-arm64"]),
      "products/agent/versions/1.1.0.yaml": versionYankedOnArm("1.1.0"),
    },
  },
  *checkProduct(product, beside) {
    for (const [name, document] of product.channels) {
      const { version } = document.value;
      const release = product.versions.get(version);
      const platforms = release === undefined ? [] : yankedPlatforms(release);
      if (release === undefined || platforms.length === 0) continue;
      yield {
        message: `channel \`${name}\` points to \`${version}\`, which is yanked for ${listNames(platforms)}`,
        at: { document, path: ["version"] },
        related: platforms.map((platform) => ({
          at: { document: release, path: [...artifactOf(release.value.artifacts, platform), "active"] },
          label: "yanked here",
        })),
        notes: platforms.map(
          (platform) =>
            `on ${platform} ${describeFallback(channelFallback(beside, product, name, platform))}`,
        ),
        help: `promote a version to \`${name}\` that is active for every platform`,
      };
    }
  },
};

function artifactOf(
  artifacts: readonly { readonly platform: string; readonly active?: boolean }[],
  platform: string,
): (string | number)[] {
  return ["artifacts", artifacts.findIndex((one) => one.platform === platform && one.active === false)];
}
