import { isRange, versionInRange } from "../../../protocol/version.ts";
import { orderOf, schemeOf } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const channelRollbackNotSigned: ProductRule = {
  id: "channel/rollback-not-signed",
  severity: "error",
  summary: "a rollback goes where the release key does not allow it",
  explanation:
    "Which versions a release may be rolled back to is for its builder to say (`rollbackTo`, signed offline): a stolen online key must not be able to push a fleet down to an old hole. Agents refuse a rollback outside that range, so declaring one does nothing. A machine that ran a newer version before keeps to the range of that one as well.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.0.0\nrollback: {from: [1.1.0], reason: loses reports}\n",
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
    const scheme = schemeOf(product);
    for (const [name, document] of product.channels) {
      const { version: target, rollback } = document.value;
      for (const [index, from] of (rollback?.from ?? []).entries()) {
        const release = product.versions.get(from);
        if (release === undefined || (orderOf(product, from, target) ?? 0) <= 0) continue;
        const range = release.value.rollbackTo;
        if (range !== undefined && (!isRange(scheme, range) || versionInRange(scheme, target, range)))
          continue;
        yield {
          message: `channel \`${name}\` rolls \`${from}\` back to \`${target}\`, which its release does not allow`,
          at: { document, path: ["rollback", "from", index] },
          label: range === undefined ? `\`${from}\` may be rolled back to nothing` : `allowed: ${range}`,
          related:
            range === undefined
              ? []
              : [{ at: { document: release, path: ["rollbackTo"] }, label: "what the release key allows" }],
          help: `go back to an allowed version, or publish the old code under a new version`,
        };
      }
    }
  },
};
