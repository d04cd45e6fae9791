import { isBarrier, isYanked } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

const END = "deadEnd: {reason: cannot update itself}\n";

export const versionBarrierAtDeadEnd: ProductRule = {
  id: "version/barrier-at-dead-end",
  severity: "error",
  summary: "a version is a barrier and a dead end at once",
  explanation:
    "Everybody older would have to pass through a version that no way leads on from: every older machine stays where it is. A barrier that turned out to be a dead end is a barrier no more; what it did has to be done by another version.",
  failing: { files: { "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", `barrier: true\n${END}`) } },
  passing: { files: { "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", END) } },
  *checkProduct(product) {
    for (const [name, document] of product.versions) {
      if (!isBarrier(document) || document.value.deadEnd === undefined || isYanked(document)) continue;
      yield {
        message: `\`${name}\` is a barrier, and a dead end: nobody older has a way to anything later`,
        at: { document, path: ["barrier"] },
        related: [{ at: { document, path: ["deadEnd"] }, label: "the dead end" }],
        help: "remove `barrier`, and make the version a barrier that does the same and leads on",
      };
    }
  },
};
