import { versionFile } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

export const versionWrongFileName: StateRule = {
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
  *check({ state }) {
    for (const product of state.products.values()) {
      for (const [name, document] of product.versions) {
        if (document.value.version === name) continue;
        yield {
          message: `the file is named \`${name}.yaml\` and says version \`${document.value.version}\``,
          at: { document, path: ["version"] },
          label: `expected \`${name}\``,
          help: "rename the file, or correct the version",
        };
      }
    }
  },
};
