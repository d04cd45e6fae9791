import { type FileHandle, open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import type { PublishedArtifact } from "../../publish/published-manifest.ts";
import { HttpError } from "../http-error.ts";

/** State names hosted files relative to its root: this part of their path is the artifact folder itself. */
const FOLDER_PREFIX = /^(?:\.\/)?artifacts\//;

/**
 * Opens a hosted artifact. Only what the manifest names gets here, and its file must really lie in the folder: not
 * by `..`, not through a link. A file of another length than was signed is not served; its content is for the
 * client to verify.
 *
 * @throws HttpError `http/artifact-missing`, `http/artifact-differs`
 */
export async function openArtifact(folder: string, artifact: PublishedArtifact): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, pathInFolder(artifact)));
    if (!path.startsWith(root + sep)) throw missing(artifact);
    handle = await open(path, "r");
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw missing(artifact, error);
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw missing(artifact);
    if (stats.size !== artifact.size) {
      throw new HttpError(
        "http/artifact-differs",
        `the file of this artifact has ${stats.size} bytes, and ${artifact.size} are signed`,
        { help: `put the released file back at \`${pathInFolder(artifact)}\` in the artifact folder` },
      );
    }
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function pathInFolder({ url }: PublishedArtifact): string {
  return url.replace(FOLDER_PREFIX, "");
}

function missing(artifact: PublishedArtifact, cause?: unknown): HttpError {
  return new HttpError(
    "http/artifact-missing",
    "this artifact is released, and its file is not hosted here",
    {
      help: `put it at \`${pathInFolder(artifact)}\` in the folder that \`fairlead serve --artifacts\` names`,
      cause,
    },
  );
}
