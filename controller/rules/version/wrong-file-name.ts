import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const versionWrongFileName: ProductRule = {
  id: "version/wrong-file-name",
  severity: "error",
  summary: "the name of a version file and its content disagree",
  explanation:
    "A version file is named after the version that it describes. When the two differ, a promotion and a review look at different things.",
  failing: {
    files: { "products/agent/versions/1.2.0.yaml": versionFile("1.1.0") },
  },
  passing: {
    files: { "products/agent/versions/1.2.0.yaml": versionFile("1.2.0") },
  },
  *checkProduct(product) {
    for (const [name, document] of product.versions) {
      if (document.value.version === name) continue;
      yield {
        message: `the file is named \`${name}.yaml\` and says version \`${document.value.version}\``,
        at: { document, path: ["version"] },
        label: `expected \`${name}\``,
        help: "rename the file, or correct the version",
      };
    }
  },
};
