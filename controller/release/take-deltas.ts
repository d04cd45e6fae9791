import { existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { ArtifactState, DeltaState } from "../../schemas/state.generated.ts";
import { TEMPORARY_SUFFIX } from "../files/replace-file.ts";
import type { WorktreeProduct } from "../state/read-worktree-state.ts";
import { hashArtifact, type Reading } from "./hash-artifact.ts";
import { makeDelta } from "./make-delta.ts";
import { ReleaseError } from "./release-error.ts";
import type { ArtifactRequest, DeltaOrigin, ReleaseRequest } from "./release-request.ts";
import type { WrittenFiles } from "./written-files.ts";

/** Makes the deltas of one artifact, and puts them where its file is. */
export async function takeDeltas(
  request: ReleaseRequest,
  product: WorktreeProduct,
  { platform, file }: ArtifactRequest,
  artifact: ArtifactState,
  written: WrittenFiles,
  reading: Reading,
): Promise<DeltaState[]> {
  const deltas: DeltaState[] = [];
  for (const origin of request.deltaFrom ?? []) {
    if (origin.platform !== undefined && origin.platform !== platform) continue;
    const old = oldFileOf(request, product, platform, origin);
    if (artifact.format !== "binary") {
      throw new ReleaseError(
        "release/no-delta",
        "archives and packages are compressed, so a delta would be as large as they are",
        { help: "leave out --delta-from, or release a single file" },
      );
    }
    if (request.urlBase !== undefined || artifact.url === undefined) {
      throw new ReleaseError(
        "release/no-delta",
        "deltas are hosted, and these files are downloaded from elsewhere",
        { help: "leave out --url-base or --delta-from" },
      );
    }
    const from = await hashArtifact(old, reading);
    const name = `${basename(artifact.url)}.from-${from.sha256.slice(0, 16)}.zst`;
    const temporary = join(request.root, "artifacts", `.${name}${TEMPORARY_SUFFIX}`);
    try {
      await makeDelta(old, file, temporary, reading.signal);
      const { size, sha256 } = await hashArtifact(temporary, { ...reading, onBytes: () => undefined });
      const url = `artifacts/${name}`;
      written.take(temporary, url, sha256);
      deltas.push({ from: from.sha256, url, size, sha256 });
    } finally {
      rmSync(temporary, { force: true });
    }
  }
  return deltas;
}

function oldFileOf(
  { root, artifacts }: ReleaseRequest,
  product: WorktreeProduct,
  platform: string,
  { platform: named, from }: DeltaOrigin,
): string {
  const version = [...product.versions].find((known) => known.version === from);
  const earlier = version?.artifacts.find(
    (known) => known.platform === platform && known.format === "binary",
  );
  if (earlier?.url !== undefined) {
    const file = join(root, earlier.url);
    if (existsSync(file)) return file;
    throw new ReleaseError(
      "release/no-delta",
      `the file of ${from} for ${platform} is not at \`${earlier.url}\``,
      {
        help: "fetch it (`git lfs pull`), or name the file itself with --delta-from",
      },
    );
  }
  if (existsSync(from) && (named !== undefined || artifacts.length === 1)) return from;
  throw new ReleaseError(
    "release/no-delta",
    `\`${from}\` is neither a file nor a version with a file for ${platform}`,
    {
      help: "name an earlier version, or PLATFORM=FILE where there are several artifacts",
    },
  );
}
