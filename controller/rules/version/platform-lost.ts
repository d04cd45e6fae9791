import { isYanked, listNames, versionsNewestFirst } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const versionPlatformLost: ProductRule = {
  id: "version/platform-lost",
  severity: "warning",
  summary: "a version lacks a platform that the previous version had",
  explanation:
    "Devices of that platform cannot follow the channel and stay on the old version. It is usually a build that failed for one platform and was published without it.",
  failing: {
    files: {
      "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", "", ["linux-x64", "linux-arm64"]),
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "", ["linux-x64"]),
    },
  },
  passing: {
    files: {
      "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", "", ["linux-x64"]),
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "", ["linux-x64", "linux-arm64"]),
    },
  },
  *checkProduct(product) {
    const active = versionsNewestFirst(product).filter((document) => !isYanked(document));
    for (const [index, document] of active.entries()) {
      const previous = active[index + 1];
      if (previous === undefined) continue;
      const { artifacts } = document.value;
      const lost = previous.value.artifacts
        .map(({ platform }) => platform)
        .filter((name) => !artifacts.some(({ platform }) => platform === name));
      if (lost.length === 0) continue;
      yield {
        message: `\`${document.value.version}\` has no artifact for ${listNames(lost)}, which \`${previous.value.version}\` had`,
        at: { document, path: ["artifacts"], part: "key" },
        related: [
          { at: { document: previous, path: ["artifacts"], part: "key" }, label: "the previous version" },
        ],
        help: `build it for ${listNames(lost)} too: \`fairlead release add ${product.name} ${document.value.version} --artifact ${lost[0]}=FILE\` adds it to the version`,
      };
    }
  },
};
