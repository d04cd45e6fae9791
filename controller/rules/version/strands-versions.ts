import { WaysTo } from "../../../protocol/upgrade-path.ts";
import { listNames, releasesOf, schemeOf } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const versionStrandsVersions: ProductRule = {
  id: "version/strands-versions",
  severity: "warning",
  summary: "a barrier leaves older versions without a path",
  explanation:
    "`upgradeFrom` names the versions that may step to this one directly; devices below it go through an earlier version. When no active version leads there, they stay where they are for ever. Checked for each version that a channel points to.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 2.0.0\n",
      "products/agent/versions/2.0.0.yaml": versionFile("2.0.0", 'upgradeFrom: ">=1.5.0"\n'),
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 2.0.0\n",
      "products/agent/versions/2.0.0.yaml": versionFile("2.0.0", 'upgradeFrom: ">=1.0.0"\n'),
    },
  },
  *checkProduct(product) {
    const scheme = schemeOf(product);
    const offered = new Set([...product.channels.values()].map(({ value }) => value.version));
    const hasBarrier = [...offered].some(
      (version) => product.versions.get(version)?.value.upgradeFrom !== undefined,
    );
    if (!hasBarrier) return;
    const releases = releasesOf(product);
    const usable = releases.filter(({ active }) => active);
    const lowestFirst = releases.map(({ version }) => version).reverse();
    for (const target of releases) {
      if (target.upgradeFrom === undefined || !offered.has(target.version)) continue;
      const document = product.versions.get(target.version);
      if (document === undefined) continue;
      const stranded = new WaysTo(scheme, usable, target).stranded(lowestFirst).reverse();
      if (stranded.length === 0) continue;
      yield {
        message: `no path leads to \`${target.version}\` from ${listNames(stranded)}`,
        at: { document, path: ["upgradeFrom"] },
        label: "the barrier",
        help: "widen the range, or keep a version active that accepts the old ones and that this one accepts",
      };
    }
  },
};
