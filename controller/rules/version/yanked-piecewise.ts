import { isYanked } from "../../state/product-versions.ts";
import { versionYankedOnArm } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const versionYankedPiecewise: ProductRule = {
  id: "version/yanked-piecewise",
  severity: "warning",
  summary: "a version is yanked for each of its platforms, and not as a whole",
  explanation:
    "`active: false` on an artifact is for a version that is bad on some platforms. One that is bad on all says so once, where everybody looks for it: `active: false` on the version. An artifact that is added later would otherwise be offered.",
  failing: {
    files: {
      "products/agent/versions/1.0.0.yaml": versionYankedOnArm("1.0.0").replace(/\}\n/, ", active: false}\n"),
    },
  },
  passing: { files: { "products/agent/versions/1.0.0.yaml": versionYankedOnArm("1.0.0") } },
  *checkProduct(product) {
    for (const [name, document] of product.versions) {
      if (document.value.active === false || !isYanked(document)) continue;
      yield {
        message: `\`${name}\` is yanked for each of its platforms`,
        at: { document, path: ["artifacts"], part: "key" },
        help: `yank it as a whole: \`fairlead yank ${name} --reason ...\``,
      };
    }
  },
};
