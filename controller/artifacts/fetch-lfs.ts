import { ArtifactError } from "./artifact-error.ts";
import type { Round } from "./follow-newest.ts";
import { askBatch, BATCH_SIZE, type LfsServer } from "./lfs-batch.ts";
import type { LfsObjects } from "./lfs-objects.ts";
import { POINTER_BYTES, parseLfsPointer } from "./lfs-pointer.ts";

/** An artifact whose bytes Git LFS keeps. */
export interface LfsArtifact {
  /** Its target path in the manifest. */
  readonly target: string;
  /** Below the state root, with `/`. */
  readonly file: string;
  /** What the release key signed. */
  readonly sha256: string;
  readonly size: number;
}

/** A small file of the commit: its bytes, that it is too large for a pointer, or `undefined` where nothing is. */
export type PointerFile =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "larger" }
  | undefined;

export interface LfsParts {
  readonly objects: LfsObjects;
  readonly server: LfsServer;
  /** Reads what is committed, in the order of the files. */
  readonly read: (
    commit: string,
    files: readonly string[],
    maxBytes: number,
  ) => Promise<readonly PointerFile[]>;
}

/** Downloads at a time. */
const AT_ONCE = 2;

/**
 * Fetches the objects of artifacts that are not there yet. Each is asked for by the digest that the release key signed, and
 * only where the commit holds the pointer of that very file.
 *
 * @returns by target, why an artifact is not there
 * @throws what reading the commit throws
 */
export async function fetchLfs(
  parts: LfsParts,
  commit: string,
  artifacts: readonly LfsArtifact[],
  round: Round,
): Promise<ReadonlyMap<string, ArtifactError>> {
  const problems = new Map<string, ArtifactError>();
  const missing = artifacts.filter(({ sha256 }) => !parts.objects.has(sha256));
  for (let from = 0; from < missing.length; from += BATCH_SIZE) {
    if (round.signal.aborted || round.isStale()) break;
    const batch = missing.slice(from, from + BATCH_SIZE);
    await fetchBatch(parts, commit, batch, round, problems);
  }
  return problems;
}

async function fetchBatch(
  parts: LfsParts,
  commit: string,
  batch: readonly LfsArtifact[],
  { signal, isStale }: Round,
  problems: Map<string, ArtifactError>,
): Promise<void> {
  const { objects, server, read } = parts;
  const pointers = await read(
    commit,
    batch.map(({ file }) => file),
    POINTER_BYTES,
  );
  const wanted = batch.filter((artifact, index) => {
    const problem = checkPointer(artifact, pointers[index]);
    if (problem !== undefined) problems.set(artifact.target, problem);
    return problem === undefined;
  });
  if (wanted.length === 0) return;
  const fail = (artifact: LfsArtifact, error: unknown): void => {
    if (!(error instanceof ArtifactError)) throw error;
    problems.set(artifact.target, error);
  };
  const bySha = new Map(wanted.map(({ sha256, size }) => [sha256, { oid: sha256, size }]));
  let downloads: Awaited<ReturnType<typeof askBatch>>;
  try {
    downloads = await askBatch(server, [...bySha.values()], signal);
  } catch (error) {
    for (const artifact of wanted) fail(artifact, error);
    return;
  }
  const queue = wanted.values();
  const worker = async (): Promise<void> => {
    for (const artifact of queue) {
      if (signal.aborted || isStale()) return;
      const { sha256: oid, size } = artifact;
      if (objects.has(oid)) continue;
      const download = downloads.get(oid) ?? notAnswered(oid);
      if (download instanceof ArtifactError) {
        fail(artifact, download);
        continue;
      }
      await objects
        .fetch(server.client, { oid, size }, download, signal)
        .catch((error) => fail(artifact, error));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function checkPointer({ file, sha256, size }: LfsArtifact, found: PointerFile): ArtifactError | undefined {
  if (found === undefined) {
    return new ArtifactError("artifact/not-committed", `nothing is committed at \`${file}\``, {
      help: "commit the released file there, with `git lfs track` in force",
    });
  }
  const pointer = found.kind === "bytes" ? parseLfsPointer(found.bytes) : undefined;
  if (pointer === undefined) {
    return new ArtifactError(
      "artifact/bad-pointer",
      `\`${file}\` is committed as it is, and not with Git LFS`,
      {
        help: "run `git lfs migrate import`, or name a folder or a bucket with --artifacts",
      },
    );
  }
  if (pointer.oid === sha256 && pointer.size === size) return undefined;
  return new ArtifactError(
    "artifact/bad-pointer",
    `the pointer at \`${file}\` is of another file (sha256 ${pointer.oid.slice(0, 12)}..., ${pointer.size} bytes) than was signed`,
    { help: "commit the released file again: a version never changes" },
  );
}

function notAnswered(oid: string): ArtifactError {
  return new ArtifactError("artifact/bad-answer", `the Git LFS server says nothing of ${oid}`);
}
