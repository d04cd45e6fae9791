import { raisedRequirements } from "../../state/compare-requirements.ts";
import { isYanked, listNames, orderOf } from "../../state/product-versions.ts";
import { requirementsOf } from "../../state/requirements-of.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

const HISTORY = {
  "agent/stable": [
    { version: "1.1.0", daysAgo: 0 },
    { version: "1.0.0", daysAgo: 9 },
  ],
};

export const versionRequiresMore: ProductRule = {
  id: "version/requires-more",
  needs: "histories",
  severity: "warning",
  summary: "a channel points to a version that requires more than the one before it",
  explanation:
    "A build against a newer glibc, or for a newer system, cuts off the machines that do not have it: they stay on the newest version that fits, and get no fixes any more. Often nobody meant it, and only the build machine was updated. Where it is meant, say so with `acknowledge`. Needs the history of the repository.",
  failing: {
    files: {
      "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", 'requires: {glibc: ">=2.28"}\n'),
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", 'requires: {glibc: ">=2.34"}\n'),
    },
    history: HISTORY,
  },
  passing: {
    files: {
      "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", 'requires: {glibc: ">=2.28"}\n'),
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", 'requires: {glibc: ">=2.17"}\n'),
    },
    history: HISTORY,
  },
  *checkProduct(product, { histories }) {
    if (histories === undefined) return;
    for (const [name, document] of product.channels) {
      const target = product.versions.get(document.value.version);
      if (target === undefined) continue;
      const record = histories.get(`${product.name}/${name}`)?.find(({ version }) => {
        const known = product.versions.get(version);
        return version !== target.value.version && known !== undefined && !isYanked(known);
      });
      const before = record === undefined ? undefined : product.versions.get(record.version);
      if (before === undefined) continue;
      if ((orderOf(product, before.value.version, target.value.version) ?? 0) >= 0) continue;
      const raised = new Map<string, string[]>();
      let place: readonly (string | number)[] = ["requires"];
      for (const [index, artifact] of target.value.artifacts.entries()) {
        const was = before.value.artifacts.find(({ platform }) => platform === artifact.platform);
        if (was === undefined) continue;
        const required = requirementsOf(target.value.requires, artifact.requires);
        for (const more of raisedRequirements(
          requirementsOf(before.value.requires, was.requires),
          required,
        )) {
          const text = `${more.name} ${more.after}, before ${more.before ?? "none"}`;
          raised.set(text, [...(raised.get(text) ?? []), artifact.platform]);
          if (artifact.requires !== undefined) place = ["artifacts", index, "requires"];
        }
      }
      if (raised.size === 0) continue;
      yield {
        message: `\`${target.value.version}\` requires more than \`${before.value.version}\`, to which \`${name}\` pointed before`,
        at: { document, path: ["version"] },
        related: [{ at: { document: target, path: place }, label: "what it requires" }],
        notes: [...raised].map(([text, platforms]) => `${text}: ${listNames(platforms)}`),
        help: `count whom it cuts off with \`fairlead plan --inventory\`: they stay on \`${before.value.version}\`; build it for what they have, or \`acknowledge\` it`,
      };
    }
  },
};
