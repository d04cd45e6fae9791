import type { VersionState } from "../../../schemas/state.generated.ts";
import { changedProducts } from "../changed-products.ts";
import { versionFile } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

export const versionChangedAfterPublish: StateRule = {
  id: "version/changed-after-publish",
  severity: "error",
  summary: "a published version has different bytes",
  explanation:
    "A version that was published is immutable: devices that have it and devices that get it now must have the same bytes. Changed code needs a new version. Whether it is active, its notes and the address of its artifacts may change. Needs the state before the change (`--base`).",
  failing: {
    before: {},
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0").replace(/(?:a0){32}/, "b1".repeat(32)),
    },
  },
  passing: {
    before: {},
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "releaseNotes: Fixes the heartbeat.\n"),
    },
  },
  *check(context) {
    for (const [product, earlierProduct] of changedProducts(context)) {
      for (const [name, document] of product.versions) {
        const published = earlierProduct?.versions.get(name);
        if (published === undefined || published.blob === document.blob) continue;
        for (const artifact of published.value.artifacts) {
          const index = indexOfArtifact(document.value, artifact);
          const now = document.value.artifacts[index];
          if (now?.sha256 === artifact.sha256 && now.size === artifact.size) continue;
          yield {
            message:
              now === undefined
                ? `the published artifact of \`${name}\` for \`${artifact.platform}\` is gone`
                : `\`${name}\` for \`${artifact.platform}\` has other bytes than were published`,
            at: { document, path: index === -1 ? ["artifacts"] : ["artifacts", index, "sha256"] },
            notes: [`published as sha256 ${artifact.sha256}, ${artifact.size} bytes`],
            help: "publish the new bytes under a new version",
          };
        }
      }
    }
  },
};

function indexOfArtifact({ artifacts }: VersionState, wanted: VersionState["artifacts"][number]): number {
  return artifacts.findIndex(
    ({ platform, format }) => platform === wanted.platform && format === wanted.format,
  );
}
