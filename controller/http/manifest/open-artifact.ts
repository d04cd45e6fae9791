import { type FileHandle, open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { HttpError } from "../http-error.ts";

/**
 * Opens a hosted artifact. Only what the manifest names gets here, and its file must really lie in the folder: not
 * by `..`, not through a link. A file of another length than was signed is not served; its content is for the
 * client to verify.
 *
 * @param path below the folder
 * @param size bytes that were signed
 * @throws HttpError `http/artifact-missing`, `http/artifact-differs`
 */
export async function openArtifact(folder: string, path: string, size: number): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    if (!file.startsWith(root + sep)) throw missing(path);
    handle = await open(file, "r");
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw missing(path, error);
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw missing(path);
    if (stats.size !== size) {
      throw new HttpError(
        "http/artifact-differs",
        `the file of this artifact has ${stats.size} bytes, and ${size} are signed`,
        { help: `put the released file back at \`${path}\` in the artifact folder` },
      );
    }
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function missing(path: string, cause?: unknown): HttpError {
  return new HttpError(
    "http/artifact-missing",
    "this artifact is released, and its file is not hosted here",
    {
      help: `put it at \`${path}\` in the folder that \`fairlead serve --artifacts\` names`,
      cause,
    },
  );
}
