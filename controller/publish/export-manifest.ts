import { createHash, randomBytes } from "node:crypto";
import {
  copyFileSync,
  createReadStream,
  existsSync,
  linkSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { servedTargetPath } from "../../protocol/tuf/name-files.ts";
import { POINTER_BYTES, parseLfsPointer } from "../artifacts/lfs-pointer.ts";
import { makeFolder } from "../files/make-folder.ts";
import { createFile, moveIntoPlace, replaceFile, TEMPORARY_SUFFIX } from "../files/replace-file.ts";
import { onFile } from "../files/system-error.ts";
import { requireMetadata, TIMESTAMP_FILE } from "./manifest-roles.ts";
import { PublishError } from "./publish-error.ts";
import { allDocuments, type PublishedArtifact, type PublishedManifest } from "./published-manifest.ts";

/** What an export did. */
export interface Exported {
  readonly written: number;
  /** Files that were there already. */
  readonly kept: number;
  /** Hosted artifacts that were not copied, as they are at an origin. */
  readonly left: readonly LeftArtifact[];
}

/** An artifact that the web server has to send its clients elsewhere for. */
export interface LeftArtifact {
  /** Below the exported folder. */
  readonly path: string;
  readonly address: string;
}

/** Where an export finds the bytes of a hosted artifact. */
export type ArtifactBytes =
  | {
      readonly kind: "file";
      /** Absolute. */
      readonly folder: string;
      /** Below it; may be any text. */
      readonly path: string;
    }
  | { readonly kind: "left"; readonly address: string };

/** Where a hosted artifact is, by its path below the artifact folder. */
export type ArtifactBytesOf = (path: string, artifact: PublishedArtifact) => ArtifactBytes;

/**
 * Writes a manifest as static files for any web server: `tuf/*` and `targets/*`, the same bytes under the same names
 * as a controller serves. The timestamp comes last, so that whoever reads the folder meanwhile never sees a mixture;
 * files that are there already have names of their content or version and are kept.
 *
 * Artifacts that are downloaded from elsewhere are left out: their URL is signed, and agents follow it.
 *
 * @throws PublishError `publish/artifact-missing`, `publish/artifact-differs`; the timestamp is then the old one
 * @throws SystemError
 */
export async function exportManifest(
  manifest: PublishedManifest,
  bytesOf: ArtifactBytesOf,
  out: string,
): Promise<Exported> {
  const counts = { written: 0, kept: 0 };
  const left: LeftArtifact[] = [];
  for (const [target, artifact] of [...manifest.artifacts.values()].flatMap((some) => [...some])) {
    if (artifact.location.kind === "external") continue;
    const served = join("targets", servedTargetPath(target, artifact.sha256));
    const destination = join(out, served);
    if (existsSync(destination)) {
      counts.kept++;
      continue;
    }
    const bytes = bytesOf(artifact.location.path, artifact);
    if (bytes.kind === "left") left.push({ path: served, address: bytes.address });
    else {
      await placeArtifact(bytes.folder, bytes.path, artifact, destination);
      counts.written++;
    }
  }
  const files = new Map<string, Buffer>();
  for (const [path, bytes] of allDocuments(manifest)) files.set(join("targets", path), bytes);
  for (const [name, bytes] of manifest.metadata) {
    if (name !== TIMESTAMP_FILE) files.set(join("tuf", name), bytes);
  }
  for (const [path, bytes] of files) {
    const destination = join(out, path);
    if (existsSync(destination)) {
      requireSame(destination, bytes);
      counts.kept++;
      continue;
    }
    makeFolder(dirname(destination));
    createFile(destination, bytes);
    counts.written++;
  }
  replaceFile(join(out, "tuf", TIMESTAMP_FILE), requireMetadata(manifest.metadata, TIMESTAMP_FILE));
  return { ...counts, left };
}

/** Links the file where the file system lets it, else copies it; either is checked before it gets its name. */
async function placeArtifact(
  folder: string,
  path: string,
  artifact: PublishedArtifact,
  destination: string,
): Promise<void> {
  const source = join(folder, path);
  const isFile = existsSync(source) && statSync(source).isFile();
  if (!isFile || path.split(/[/\\]/).includes("..")) {
    throw new PublishError("publish/artifact-missing", `the file \`${path}\` is not in the artifact folder`, {
      help: "put the released file into the artifact folder, or name that folder with --artifacts DIR",
    });
  }
  makeFolder(dirname(destination));
  const unique = randomBytes(6).toString("hex");
  const temporary = join(dirname(destination), `.${unique}${TEMPORARY_SUFFIX}`);
  try {
    linkOrCopy(source, temporary);
    if (statSync(temporary).size !== artifact.size || (await sha256Of(temporary)) !== artifact.sha256) {
      throw differs(path, temporary);
    }
    moveIntoPlace(temporary, destination);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function differs(path: string, file: string): PublishError {
  const isPointer = statSync(file).size < POINTER_BYTES && parseLfsPointer(readFileSync(file)) !== undefined;
  return isPointer
    ? new PublishError(
        "publish/artifact-differs",
        `\`${path}\` is a Git LFS pointer: the file itself was not fetched`,
        {
          help: "run `git lfs pull` where the artifact folder is; of a remote, use `--artifacts git-lfs`",
        },
      )
    : new PublishError("publish/artifact-differs", `the file \`${path}\` is not the one that was signed`, {
        help: "put the released file back: a version never changes",
      });
}

function linkOrCopy(source: string, destination: string): void {
  try {
    linkSync(source, destination);
  } catch {
    onFile(destination, "written", () => copyFileSync(source, destination));
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

function requireSame(path: string, bytes: Buffer): void {
  if (readFileSync(path).equals(bytes)) return;
  throw new PublishError("publish/version-reused", `\`${path}\` is there already with other content`, {
    help: "export into an empty folder, or into one that this controller has exported to",
  });
}
