import type { ArtifactState, RequiresState } from "../../../schemas/state.generated.ts";
import { listNames } from "../../state/product-versions.ts";
import { canBeMetOn, REQUIREMENT_NAMES } from "../../state/requirement-systems.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const versionImpossibleRequires: ProductRule = {
  id: "version/impossible-requires",
  severity: "error",
  summary: "a version requires what no machine of its platform can have",
  explanation:
    "A requirement of another system than the platform's is never met: no Mac has a glibc, no Linux a build of Windows. Nor is one file linked to both glibc and musl. What a version requires holds for each of its artifacts, so what is about some of them is written under those; `fairlead release add` does so.",
  failing: {
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", 'requires: {glibc: ">=2.31"}\n', [
        "linux-x64",
        "darwin-arm64",
      ]),
    },
  },
  passing: {
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", 'requires: {glibc: ">=2.31"}\n', [
        "linux-x64",
        "linux-arm64",
      ]),
    },
  },
  *checkProduct(product) {
    for (const document of product.versions.values()) {
      const { version, requires, artifacts } = document.value;
      const notMet = new Map<string, { path: (string | number)[]; platforms: string[] }>();
      for (const [index, artifact] of artifacts.entries()) {
        if (requires === undefined && artifact.requires === undefined) continue;
        const required: RequiresState = { ...requires, ...artifact.requires };
        for (const name of REQUIREMENT_NAMES) {
          if (required[name] === undefined || canBeMetOn(name, artifact.platform)) continue;
          const path = placeOf(artifact, index, name);
          const entry = notMet.get(path.join("/")) ?? { path, platforms: [] };
          entry.platforms.push(artifact.platform);
          notMet.set(path.join("/"), entry);
        }
        if (required.glibc !== undefined && required.musl !== undefined) {
          yield {
            message: `\`${version}\` requires both glibc and musl on ${artifact.platform}`,
            at: { document, path: placeOf(artifact, index, "musl"), part: "key" },
            help: "leave the one that the file is linked to; `fairlead release add` reads which it is",
          };
        }
      }
      for (const { path, platforms } of notMet.values()) {
        yield {
          message: `no machine of ${listNames(platforms)} can meet \`${path.at(-1)}\`, which \`${version}\` requires`,
          at: { document, path, part: "key" },
          help: "write it under the artifacts that it is about, or take it away",
        };
      }
    }
  },
};

function placeOf(artifact: ArtifactState, index: number, name: keyof RequiresState): (string | number)[] {
  return artifact.requires?.[name] === undefined
    ? ["requires", name]
    : ["artifacts", index, "requires", name];
}
