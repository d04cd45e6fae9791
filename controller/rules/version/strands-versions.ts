import { WaysTo } from "../../../protocol/upgrade-path.ts";
import { listNames, orderOf, releasesOf, schemeOf } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { RuleContext, StateRule } from "../rule.ts";

export const versionStrandsVersions: StateRule = {
  id: "version/strands-versions",
  severity: "warning",
  summary: "a barrier leaves older versions of a channel without a path",
  needs: "histories",
  explanation:
    "`upgradeFrom` names the versions that may step to this one directly; devices below it go through an earlier version. The way goes only through active versions that the channel itself has pointed to or lists in `via`: a device on stable is never led through what only another channel has seen. When none of them leads there, devices stay where they are for ever. Checked for what each channel pointed to before.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 2.0.0\n",
      "products/agent/versions/1.5.0.yaml": versionFile("1.5.0"),
      "products/agent/versions/2.0.0.yaml": versionFile("2.0.0", 'upgradeFrom: ">=1.5.0"\n'),
    },
    history: {
      "agent/stable": [
        { version: "2.0.0", daysAgo: 0 },
        { version: "1.1.0", daysAgo: 9 },
      ],
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 2.0.0\nvia: [1.5.0]\n",
      "products/agent/versions/1.5.0.yaml": versionFile("1.5.0"),
      "products/agent/versions/2.0.0.yaml": versionFile("2.0.0", 'upgradeFrom: ">=1.5.0"\n'),
    },
    history: {
      "agent/stable": [
        { version: "2.0.0", daysAgo: 0 },
        { version: "1.1.0", daysAgo: 9 },
      ],
    },
  },
  *check({ state, histories }: RuleContext) {
    if (histories === undefined) return;
    for (const product of state.products.values()) {
      const releases = releasesOf(product);
      if (releases.every(({ upgradeFrom }) => upgradeFrom === undefined)) continue;
      const byVersion = new Map(releases.map((release) => [release.version, release]));
      for (const [name, document] of product.channels) {
        const { version, via = [] } = document.value;
        const target = byVersion.get(version);
        const barrier = product.versions.get(version);
        if (target?.upgradeFrom === undefined || barrier === undefined) continue;
        const pointedTo = (histories.get(`${product.name}/${name}`) ?? []).map((record) => record.version);
        const steps = [...new Set([...pointedTo, ...via])].flatMap((step) => byVersion.get(step) ?? []);
        const ways = new WaysTo(
          schemeOf(product),
          steps.filter(({ active }) => active),
          target,
        );
        const lowestFirst = [...new Set(pointedTo)]
          .filter((known) => byVersion.has(known))
          .sort((a, b) => orderOf(product, a, b) ?? 0);
        const stranded = ways.stranded(lowestFirst).reverse();
        if (stranded.length === 0) continue;
        yield {
          message: `no path of channel \`${name}\` leads to \`${version}\` from ${listNames(stranded)}`,
          at: { document, path: ["version"] },
          related: [{ at: { document: barrier, path: ["upgradeFrom"] }, label: "the barrier" }],
          help: "list a version in `via` that accepts the old ones and that this one accepts, or widen the range",
        };
      }
    }
  },
};
