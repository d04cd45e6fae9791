import { orderOf, versionsNewestFirst } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const versionSameAsOther: ProductRule = {
  id: "version/same-as-other",
  severity: "error",
  summary: "two version files are equal to each other",
  explanation:
    "In the `dotted` scheme a missing part counts as 0, so `1.4` and `1.4.0` are the same version. Which of the two files describes it would depend on the reader.",
  failing: {
    files: {
      "products/agent/product.yaml": "description: The agent.\nversionScheme: dotted\n",
      "products/agent/versions/1.1.yaml": versionFile('"1.1"'),
    },
  },
  passing: {
    files: { "products/agent/product.yaml": "description: The agent.\nversionScheme: dotted\n" },
  },
  *checkProduct(product) {
    const sorted = versionsNewestFirst(product);
    for (const [index, document] of sorted.entries()) {
      const other = sorted[index + 1];
      const { version } = document.value;
      if (other === undefined || other.value.version === version) continue;
      if (orderOf(product, version, other.value.version) !== 0) continue;
      const [first, second] = [document, other].sort((a, b) => (a.file < b.file ? -1 : 1));
      if (first === undefined || second === undefined) continue;
      yield {
        message: `version \`${second.value.version}\` is equal to \`${first.value.version}\``,
        at: { document: second, path: ["version"] },
        related: [{ at: { document: first, path: ["version"] }, label: "the other one" }],
        help: "delete one of the files",
      };
    }
  },
};
