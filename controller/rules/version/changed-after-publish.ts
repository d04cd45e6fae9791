import { isDeepStrictEqual } from "node:util";
import type { ArtifactState, VersionState } from "../../../schemas/state.generated.ts";
import type { StateDocument } from "../../state/fleet-model.ts";
import { LASTING_ARTIFACT_KEYS, LASTING_VERSION_KEYS, meaningOf } from "../../state/publication.ts";
import { changedProducts } from "../changed-products.ts";
import { versionFile } from "../example-state.ts";
import type { Finding, StateRule } from "../rule.ts";

export const versionChangedAfterPublish: StateRule = {
  id: "version/changed-after-publish",
  severity: "error",
  summary: "a published version changes in what may not change",
  explanation:
    "A version that was published is immutable: devices that have it and devices that get it now must have the same bytes. Changed code needs a new version. What may change all the same (a yank, notes, addresses, the ranges that the release key signs) says so in the schema, and docs/state.md shows it. A version that was removed, and comes back in a later commit, is compared with what it was. Needs the state before the change (`--base`).",
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
        if (published !== undefined) {
          if (published.blob !== document.blob) yield* changes(document, published.value, []);
          continue;
        }
        const removed = context.removedVersions?.get(document.file);
        if (removed === undefined) continue;
        const note = `its file was removed by commit ${removed.removedBy.slice(0, 7)}, and is there again`;
        yield* changes(document, removed.value, [note]);
      }
    }
  },
};

/** What a file says otherwise than was published. */
function* changes(
  document: StateDocument<VersionState>,
  published: VersionState,
  notes: readonly string[],
): Generator<Finding> {
  const { value } = document;
  for (const key of LASTING_VERSION_KEYS) {
    const [was, is] = [meaningOf(published, key), meaningOf(value, key)];
    if (isDeepStrictEqual(was, is)) continue;
    yield {
      message: `\`${value.version}\` says another \`${key.name}\` than was published`,
      at: { document, path: [key.name] },
      notes: [`published as ${shown(was)}`, ...notes],
      help: `restore \`${key.name}\`, or publish a new version`,
    };
  }
  for (const artifact of published.artifacts) yield* artifactChanges(document, artifact, notes);
}

function* artifactChanges(
  document: StateDocument<VersionState>,
  published: ArtifactState,
  notes: readonly string[],
): Generator<Finding> {
  const { version, artifacts } = document.value;
  const { platform, format } = published;
  const index = artifacts.findIndex((other) => other.platform === platform && other.format === format);
  const artifact = artifacts[index];
  const what =
    published.sha256 === undefined
      ? `package ${published.package} ${published.packageVersion}`
      : `sha256 ${published.sha256}, ${published.size} bytes`;
  const bytes = [`published as ${what}`, ...notes];
  if (artifact === undefined) {
    yield {
      message: `the published artifact of \`${version}\` for \`${platform}\` is gone`,
      at: { document, path: ["artifacts"] },
      notes: bytes,
      help: "restore it; what was published stays",
    };
    return;
  }
  if (artifact.sha256 !== published.sha256 || artifact.size !== published.size) {
    yield {
      message: `\`${version}\` for \`${platform}\` has other bytes than were published`,
      at: { document, path: ["artifacts", index, artifact.sha256 === published.sha256 ? "size" : "sha256"] },
      notes: bytes,
      help: "publish the new bytes under a new version",
    };
  }
  for (const key of LASTING_ARTIFACT_KEYS) {
    const [was, is] = [meaningOf(published, key), meaningOf(artifact, key)];
    if (key.name === "sha256" || key.name === "size" || isDeepStrictEqual(was, is)) continue;
    yield {
      message: `\`${version}\` for \`${platform}\` says another \`${key.name}\` than was published`,
      at: { document, path: ["artifacts", index, key.name] },
      notes: [`published as ${shown(was)}`, ...notes],
      help: `restore \`${key.name}\`, or publish a new version`,
    };
  }
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
