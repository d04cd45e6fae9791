import type { ArtifactState } from "../../../schemas/state.generated.ts";
import { artifactTargetPath } from "../../state/version-release.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const versionDuplicatePlatform: ProductRule = {
  id: "version/duplicate-platform",
  severity: "error",
  summary: "a version has two artifacts for one platform",
  explanation:
    "A device installs the artifact of its platform and format. With two in the same format, which one it gets would depend on their order. Two formats need files of different names: agents find them under version, platform and name.",
  failing: {
    files: { "products/agent/versions/1.2.0.yaml": versionFile("1.2.0", "", ["linux-x64", "linux-x64"]) },
  },
  passing: {
    files: { "products/agent/versions/1.2.0.yaml": versionFile("1.2.0", "", ["linux-x64", "linux-arm64"]) },
  },
  *checkProduct(product) {
    for (const document of product.versions.values()) {
      // Target paths hold the platform: where no platform comes twice, nothing does.
      if (!hasPlatformTwice(document.value.artifacts)) continue;
      const first = new Map<string, number>();
      const paths = new Map<string, number>();
      for (const [index, artifact] of document.value.artifacts.entries()) {
        const { platform, format } = artifact;
        const path = artifactTargetPath(product.name, document.value.version, artifact);
        const sameName = paths.get(path);
        paths.set(path, sameName ?? index);
        const earlier = first.get(`${platform} ${format}`);
        if (earlier === undefined) {
          first.set(`${platform} ${format}`, index);
          if (sameName === undefined) continue;
          yield {
            message: `the ${format} for \`${platform}\` has the name of another artifact for it`,
            at: { document, path: ["artifacts", index, "url"] },
            related: [{ at: { document, path: ["artifacts", sameName, "url"] }, label: "the other one" }],
            help: "give one of the files another name: agents find them under version, platform and name",
          };
          continue;
        }
        yield {
          message: `a second ${format} artifact for \`${platform}\``,
          at: { document, path: ["artifacts", index, "platform"] },
          related: [{ at: { document, path: ["artifacts", earlier, "platform"] }, label: "the first one" }],
          help: "keep one of them",
        };
      }
    }
  },
};

function hasPlatformTwice(artifacts: readonly ArtifactState[]): boolean {
  return artifacts.some(({ platform }, index) => {
    for (let earlier = 0; earlier < index; earlier++)
      if (artifacts[earlier]?.platform === platform) return true;
    return false;
  });
}
