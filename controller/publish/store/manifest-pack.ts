import { createHash } from "node:crypto";
import { sha256Hex } from "../../../protocol/digest.ts";
import { servedTargetPath, splitServedPath } from "../../../protocol/tuf/name-files.ts";
import { sharedBytes } from "../../files/shared-bytes.ts";
import { contentDigest } from "../content-digest.ts";
import { PublishError } from "../publish-error.ts";

/** What one publish added to the manifest: one file on disk, however many files it serves as. */
export interface Pack {
  /** Number of the newest root at that time. */
  readonly root: number;
  /** Hosted artifacts by target path, as version files name them; absent where they were what the pack before says. */
  readonly artifactPaths?: Readonly<Record<string, string>>;
  /** Metadata by name. */
  readonly metadata: ReadonlyMap<string, Buffer>;
  readonly documents: readonly PackedDocument[];
}

/** A policy document, by the two that its served path is made of. */
export interface PackedDocument {
  /** Its target path. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: Buffer;
}

interface PackHeader {
  readonly root: number;
  readonly artifactPaths?: Readonly<Record<string, string>>;
  readonly metadata: readonly PackEntry[];
  readonly documents: readonly PackEntry[];
}

/** Name, and length in bytes. */
type PackEntry = readonly [name: string, length: number];

/**
 * A digest of the rest on the first line, a header on the second, then the files one after the other. The digest only
 * finds damage. Against tampering, the signatures of the files are verified when they are loaded.
 *
 * @returns the bytes in pieces: a whole manifest is not there a second time while it is written
 */
export function encodePack({ root, artifactPaths, metadata, documents }: Pack): Buffer[] {
  const header: PackHeader = {
    root,
    ...(artifactPaths === undefined ? {} : { artifactPaths }),
    metadata: [...metadata].map(([name, { length }]) => [name, length]),
    documents: documents.map(({ path, sha256, bytes }) => [servedTargetPath(path, sha256), bytes.length]),
  };
  const files = [...metadata.values(), ...documents.map(({ bytes }) => bytes)];
  const body = [Buffer.from(`${JSON.stringify(header)}\n`), ...files];
  const digest = createHash("sha256");
  for (const piece of body) digest.update(piece);
  return [Buffer.from(`${digest.digest("hex")}\n`), ...body];
}

/** @throws PublishError `publish/store-damaged` */
export function decodePack(name: string, bytes: Buffer): Pack {
  const body = bytes.subarray(DIGEST_LINE);
  if (bytes.toString("latin1", 0, DIGEST_LINE) !== `${sha256Hex(body)}\n`) {
    throw new PublishError("publish/store-damaged", `\`${name}\` is not what was written`);
  }
  const end = body.indexOf("\n");
  const header = JSON.parse(body.toString("utf8", 0, end)) as PackHeader;
  let at = end + 1;
  // Copied out: some of these are held for long, and must not hold all the rest of the file.
  const cut = (length: number): Buffer => {
    at += length;
    return sharedBytes(body.subarray(at - length, at));
  };
  const { root, artifactPaths } = header;
  return {
    root,
    ...(artifactPaths === undefined ? {} : { artifactPaths }),
    metadata: new Map(header.metadata.map(([entry, length]) => [entry, cut(length)])),
    documents: header.documents.map(([served, length]) => packedDocument(name, served, cut(length))),
  };
}

function packedDocument(pack: string, served: string, bytes: Buffer): PackedDocument {
  const split = splitServedPath(served);
  // Not the digits out of the name, which would be held with all of it.
  const sha256 = contentDigest(bytes);
  if (split?.sha256 === sha256) return { path: split.path, sha256, bytes };
  throw new PublishError(
    "publish/store-damaged",
    `\`${pack}\` holds a document that is not what its name says`,
  );
}

/** 64 hexadecimal digits and a line feed. */
const DIGEST_LINE = 65;
