import { isYanked } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const channelViaLeadsNowhere: ProductRule = {
  id: "channel/via-leads-nowhere",
  severity: "warning",
  summary: "a stepping stone is yanked or a dead end",
  explanation:
    "`via` lists versions through which the channel leads machines to one that accepts only newer ones. Nobody is led through a version that is yanked, and nothing leads on from a dead end: the machines that were meant stay where they are.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 1.1.0\nvia: [1.0.0]\n",
      "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", "deadEnd: {reason: cannot update itself}\n"),
    },
  },
  passing: {
    files: { "products/agent/channels/stable.yaml": "version: 1.1.0\nvia: [1.0.0]\n" },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      for (const [index, version] of (document.value.via ?? []).entries()) {
        const release = product.versions.get(version);
        if (release === undefined) continue;
        const isGone = isYanked(release);
        if (!isGone && release.value.deadEnd === undefined) continue;
        const what = isGone ? "yanked" : "a dead end";
        yield {
          message: `channel \`${name}\` lists \`${version}\` in \`via\`, which is ${what}: nobody is led through it`,
          at: { document, path: ["via", index] },
          related: [
            {
              at: { document: release, path: [isGone ? "active" : "deadEnd"] },
              label: `${what}${isGone ? " here" : ""}`,
            },
          ],
          help: "list another version that leads there, or take it out",
        };
      }
    }
  },
};
