import { rmSync, statSync } from "node:fs";
import type { ReleaseDelta } from "../../protocol/release.ts";
import { requireSpace } from "../installation/check-space.ts";
import { InstallError } from "../installation/install-error.ts";
import { applyDelta, fitsInMemory, readOldFile } from "./apply-delta.ts";
import { type DownloadOptions, downloadArtifact, type OpenArtifact } from "./download-artifact.ts";

export interface DeltaOptions extends Omit<DownloadOptions, "mirrors" | "onProgress"> {
  readonly deltas: readonly ReleaseDelta[];
  /** Files on this machine that may have that digest. */
  readonly oldFiles: (sha256: string) => readonly string[];
  readonly mirrorsOf: (delta: ReleaseDelta) => readonly OpenArtifact[];
}

/**
 * Puts an artifact into staging by a delta, where there is one from a file that this machine has. Nothing depends on it:
 * whoever asks for it downloads the artifact afterwards, which needs no network for what is in staging already.
 *
 * @returns why a delta came to nothing, where somebody should know; `undefined` where it did its work, or where there is
 *   none for this machine
 * @throws InstallError `install/aborted`
 */
export async function bringByDelta(options: DeltaOptions): Promise<string | undefined> {
  const { deltas, staging, artifact, oldFiles, mirrorsOf, signal } = options;
  const staged = statSync(staging.staged(artifact), { throwIfNoEntry: false })?.size ?? 0;
  for (const delta of deltas.toSorted((a, b) => a.size - b.size)) {
    // What a broken download has left to fetch may be less.
    if (delta.size >= artifact.size - staged) return undefined;
    const old = oldFiles(delta.from)
      .map((path) => readOldFile(path, delta.from))
      .find((bytes) => bytes !== undefined);
    if (old === undefined || !fitsInMemory(old.length, artifact.size, process.availableMemory())) continue;
    const fetched = { ...delta, version: artifact.version, id: delta.sha256 };
    try {
      requireSpace(staging.directory, delta.size + artifact.size);
      await downloadArtifact({ ...options, artifact: fetched, mirrors: mirrorsOf(delta) });
      const into = staging.staged(artifact);
      const problem = await applyDelta(old, staging.staged(fetched), into, artifact, signal);
      return problem === undefined
        ? undefined
        : `the delta \`${delta.file}\` does not make ${artifact.version}: ${problem}`;
    } catch (error) {
      if (signal?.aborted === true) {
        const help = "nothing was changed; the next update begins the download anew";
        throw new InstallError("install/aborted", "stopped during the download", { help });
      }
      return `the delta \`${delta.file}\` cannot be used: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      for (const path of [staging.staged(fetched), staging.etag(fetched)]) rmSync(path, { force: true });
    }
  }
  return undefined;
}
