import { orderOf } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const channelRollbackNotDown: ProductRule = {
  id: "channel/rollback-not-down",
  severity: "error",
  summary: "a rollback leaves a version that is not above the target",
  explanation:
    "A rollback goes down: from each version that it names to what the channel points to. Upwards no declaration is needed, and from a version to itself there is nothing to do.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollback: {from: [1.0.0], reason: loses reports}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.0.0\nrollback: {from: [1.1.0], reason: loses reports}\n",
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", 'rollbackTo: ">=1.0.0"\n'),
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      const { version: target, rollback } = document.value;
      for (const [index, version] of (rollback?.from ?? []).entries()) {
        if ((orderOf(product, version, target) ?? 1) > 0) continue;
        yield {
          message: `channel \`${name}\` rolls back from \`${version}\`, which is not above its version \`${target}\``,
          at: { document, path: ["rollback", "from", index] },
          related: [{ at: { document, path: ["version"] }, label: "what the channel points to" }],
          help: "set `version` to the version to go back to, and name the bad one under `rollback.from`",
        };
      }
    }
  },
};
