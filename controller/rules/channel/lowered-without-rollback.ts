import { orderOf } from "../../state/product-versions.ts";
import { changedProducts } from "../changed-products.ts";
import { versionFile } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

export const channelLoweredWithoutRollback: StateRule = {
  id: "channel/lowered-without-rollback",
  severity: "warning",
  summary: "a channel goes to a lower version without a rollback",
  needs: "before",
  explanation:
    "Agents never go down by themselves: devices that have the higher version stay on it. To bring them back, the channel has to declare a `rollback` from that version. Needs the state before the change (`--base`).",
  failing: {
    before: {},
    files: { "products/agent/channels/stable.yaml": "version: 1.0.0\n" },
  },
  passing: {
    before: {},
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.0.0\nrollback: {from: [1.1.0], reason: loses reports}\n",
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", 'rollbackTo: ">=1.0.0"\n'),
    },
  },
  *check(context) {
    for (const [product, earlierProduct] of changedProducts(context)) {
      for (const [name, document] of product.channels) {
        const { version, rollback } = document.value;
        const earlier = earlierProduct?.channels.get(name)?.value.version;
        if (earlier === undefined || (orderOf(product, version, earlier) ?? 0) >= 0) continue;
        if (rollback?.from.includes(earlier) === true) continue;
        yield {
          message: `channel \`${name}\` goes from \`${earlier}\` down to \`${version}\` without a rollback`,
          at: { document, path: ["version"] },
          label: `devices on \`${earlier}\` stay there`,
          help: `\`fairlead rollback ${name} --to ${version} --reason ...\` takes them down too; to leave them where they are, \`acknowledge\` this with a reason in the channel's file`,
        };
      }
    }
  },
};
