import type { LfsArtifact, LfsParts } from "../artifacts/fetch-lfs.ts";
import { LfsObjects } from "../artifacts/lfs-objects.ts";
import { WebClient } from "../artifacts/web-client.ts";
import { CommittedFiles } from "../source/committed-files.ts";
import { fillCredentials } from "../source/fill-credentials.ts";
import { mirrorFolder } from "../source/git-mirror.ts";
import type { GitSourceOptions } from "../source/git-source.ts";
import { writeArtifactLocation } from "../state/artifact-location.ts";
import { authorityFile } from "./authority-file.ts";
import type { ServedArtifacts } from "./hosted-files.ts";
import { ServeError } from "./serve-error.ts";

/** What fetching from a Git LFS server needs, for the remote that a controller follows. */
export interface OpenLfs extends LfsParts {
  close(): void;
}

/**
 * @param folder   for the objects, absolute
 * @param endpoint of the batch API
 */
export function openLfs(
  { location, mirrorsFolder, path, access = {} }: GitSourceOptions,
  folder: string,
  endpoint: string,
): OpenLfs {
  if (location.kind === "local") throw new ServeError("serve/bad-option", "a folder has no Git LFS server");
  const { url } = location;
  const client = new WebClient(authorityFile(access));
  const committed = new CommittedFiles(mirrorFolder(mirrorsFolder, url, access), path);
  return {
    objects: new LfsObjects(folder),
    server: { endpoint, client, credentials: (asker) => fillCredentials(url, access, asker) },
    read: (commit, files, maxBytes) => committed.read(commit, files, maxBytes),
    close() {
      committed.close();
      client.close();
    },
  };
}

/** The artifacts of a manifest that Git LFS keeps. */
export function lfsArtifacts({ artifacts }: ServedArtifacts): LfsArtifact[] {
  return artifacts().flatMap(([target, { location, sha256, size }]) =>
    location.kind === "hosted" ? [{ target, file: writeArtifactLocation(location), sha256, size }] : [],
  );
}
