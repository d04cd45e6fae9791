import { isBarrier, isYanked, listNames, versionsNewestFirst } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

const BOTH = ["linux-x64", "linux-arm64"];

export const versionBarrierLacksPlatform: ProductRule = {
  id: "version/barrier-lacks-platform",
  severity: "warning",
  summary: "a barrier was not built for a platform that has versions on both sides of it",
  explanation:
    "A barrier holds also the machines that it was not built for: nobody knows that they can do without it. Those of the platform that run something older stay where they are.",
  failing: {
    files: {
      "products/agent/versions/0.9.0.yaml": versionFile("0.9.0", "", BOTH),
      "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", "barrier: true\n"),
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "", BOTH),
    },
  },
  passing: {
    files: {
      "products/agent/versions/0.9.0.yaml": versionFile("0.9.0"),
      "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", "barrier: true\n"),
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "", BOTH),
    },
  },
  *checkProduct(product) {
    const newestFirst = versionsNewestFirst(product);
    const barriers = newestFirst.filter((document) => isBarrier(document) && !isYanked(document));
    if (barriers.length === 0) return;
    // Where each platform begins, counted from the newest: a platform has older versions up to there.
    const oldest = new Map<string, number>();
    for (const [index, { value }] of newestFirst.entries()) {
      for (const { platform } of value.artifacts) oldest.set(platform, index);
    }
    const newer = new Set<string>();
    for (const [index, document] of newestFirst.entries()) {
      const own = new Set(document.value.artifacts.map(({ platform }) => platform));
      const missing = [...newer].filter(
        (platform) => !own.has(platform) && (oldest.get(platform) ?? 0) > index,
      );
      for (const platform of own) newer.add(platform);
      if (missing.length === 0 || !barriers.includes(document)) continue;
      yield {
        message: `\`${document.value.version}\` is a barrier and has no artifact for ${listNames(missing.sort())}: older machines there stay`,
        at: { document, path: ["artifacts"], part: "key" },
        related: [{ at: { document, path: ["barrier"] }, label: "the barrier" }],
        help: "add an artifact for the platform to it, or make a version that has one the barrier instead",
      };
    }
  },
};
