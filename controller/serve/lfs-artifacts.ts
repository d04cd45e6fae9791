import type { Logger } from "pino";
import type { ArtifactError } from "../artifacts/artifact-error.ts";
import { fetchLfs } from "../artifacts/fetch-lfs.ts";
import { FollowNewest } from "../artifacts/follow-newest.ts";
import { HttpError } from "../http/http-error.ts";
import { ArtifactFolder, type DamagedArtifact } from "../http/manifest/artifact-folder.ts";
import type { HostedFiles, ServedArtifacts } from "./hosted-files.ts";
import { lfsArtifacts, type OpenLfs } from "./lfs-parts.ts";

/** Milliseconds until the next try: doubled while the server cannot be reached, at once the longest for other problems. */
const AGAIN_MS = { first: 5_000, longest: 300_000 } as const;

/**
 * Artifacts from a Git LFS server: fetched in the background after they were published, and then served like any file.
 * Until then whoever asks is told to come again.
 */
export function lfsFiles(
  lfs: OpenLfs,
  log: Logger,
  onChange: (damaged: readonly DamagedArtifact[]) => void,
): HostedFiles {
  let awaited: readonly DamagedArtifact[] = [];
  let damaged: readonly DamagedArtifact[] = [];
  let failures = 0;
  let newest: ServedArtifacts | undefined;
  const tell = (): void => onChange([...awaited, ...damaged]);
  const folder = new ArtifactFolder(lfs.objects.folder, (found) => {
    damaged = found;
    tell();
  });
  const following = new FollowNewest(async (manifest: ServedArtifacts, round) => {
    const artifacts = lfsArtifacts(manifest);
    let problems: ReadonlyMap<string, ArtifactError>;
    try {
      problems = await fetchLfs(lfs, manifest.commit, artifacts, round);
    } catch (error) {
      if (round.signal.aborted) return undefined;
      log.error(
        { event: "artifact.fetch-failed", error: String(error) },
        "artifacts cannot be fetched from Git LFS",
      );
      return AGAIN_MS.longest;
    }
    if (round.signal.aborted || round.isStale()) return undefined;
    awaited = artifacts.flatMap(({ target, file }) => {
      const problem = problems.get(target)?.message;
      return problem === undefined ? [] : [{ target, path: file, problem: `cannot be fetched: ${problem}` }];
    });
    tell();
    if (problems.size === 0) {
      failures = 0;
      lfs.objects.keepOnly(new Set(artifacts.map(({ sha256 }) => sha256)));
      return undefined;
    }
    const isUnreachable = [...problems.values()].some(({ code }) => code === "artifact/unreachable");
    failures = isUnreachable ? failures + 1 : 0;
    return isUnreachable
      ? Math.min(AGAIN_MS.longest, AGAIN_MS.first * 2 ** (failures - 1))
      : AGAIN_MS.longest;
  });
  const notHere = (): HttpError =>
    new HttpError("http/artifact-awaited", "this artifact is being fetched from the Git LFS server", {
      help: "ask again after the time in Retry-After; the controller's status says if it cannot be fetched",
    });
  return {
    serving: {
      kind: "here",
      async open(wanted) {
        const { sha256: oid } = wanted;
        if (!lfs.objects.has(oid)) throw notHere();
        try {
          return await folder.open({ ...wanted, path: lfs.objects.pathOf(oid) });
        } catch (error) {
          if (!(error instanceof HttpError) || error.code !== "http/artifact-differs") throw error;
          // Damaged on this disk: fetched once more.
          lfs.objects.remove(oid);
          if (newest !== undefined) following.give(newest);
          throw error;
        }
      },
    },
    follow(manifest) {
      newest = manifest;
      following.give(manifest);
    },
    async close() {
      await following.close();
      lfs.close();
    },
  };
}
