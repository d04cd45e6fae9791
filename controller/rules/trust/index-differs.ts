import type { IndexDifference } from "../../trust/release-index.ts";
import { exampleTrust } from "../example-trust.ts";
import { indexDifferences } from "../index-differences.ts";
import type { Finding, RuleContext, RuleExample, StateRule } from "../rule.ts";

export const trustIndexDiffers: StateRule = {
  id: "trust/index-differs",
  severity: "error",
  summary: "the signed index and a version file disagree",
  explanation:
    "Agents believe the signed index, people read the version file. When the two say different things about an artifact, what is reviewed is not what is installed. The same holds for the version scheme of the product, which the release key signs with each version: its ranges mean something only in the scheme that they were written in. After a merge, or after another scheme was chosen, sign the index again; never edit it by hand.",
  get failing(): RuleExample {
    return { files: exampleTrust({ sha256: "b1".repeat(32) }) };
  },
  get passing(): RuleExample {
    return { files: exampleTrust() };
  },
  *check(context) {
    for (const { document, difference, product, indexFile } of indexDifferences(context)) {
      if (difference.severity !== "error" || difference.kind === "unsigned") continue;
      const { version, target, field, expected, got } = difference;
      if (document === undefined) {
        yield {
          message: `the release key has signed \`${target}\`, which no version file names`,
          at: { file: indexFile },
          help: `restore the file of \`${version}\`, or sign again with \`fairlead release sign ${product}\``,
        };
        continue;
      }
      if (field === "versionScheme") {
        yield* otherScheme(context, product, difference);
        continue;
      }
      if (difference.kind === "orphaned") {
        yield {
          message: `the release key has signed \`${target}\`, which the file of \`${version}\` does not name`,
          at: { document, path: ["artifacts"], part: "key" },
          notes: ["a target is named after the platform and the last part of the address"],
          help: `restore the file, or sign it with \`fairlead release sign ${product}\``,
        };
        continue;
      }
      const index = document.value.artifacts.findIndex(({ platform }) => platform === target.split("/")[3]);
      yield {
        message: `the signed index says another \`${field ?? "artifact"}\` of \`${version}\` than its file`,
        at: {
          document,
          path: field === "size" || field === "sha256" ? ["artifacts", index, field] : [field ?? ""],
        },
        notes: [`signed: ${got ?? "nothing"}`, `in the file: ${expected ?? "nothing"}`],
        help: `restore the file, or sign it with \`fairlead release sign ${product}\``,
      };
    }
  },
};

/** Told once, at the product: its versions are all signed alike. */
function* otherScheme(
  { state }: RuleContext,
  product: string,
  { expected = "semver", got = "semver" }: IndexDifference,
): Generator<Finding> {
  const document = state.products.get(product)?.product;
  if (document === undefined) return;
  yield {
    message: `the versions of \`${product}\` are signed as ${got}, and its file counts them as ${expected}`,
    at: { document, path: ["versionScheme"] },
    notes: [
      "agents read the signed ranges as they were signed, and stay where they are while policy says otherwise",
      ...(got === "semver" ? ["an index that was signed before it named the scheme counts as semver"] : []),
    ],
    help: `sign it again with \`fairlead release sign ${product}\`, or restore \`versionScheme\``,
  };
}
