import { createHash } from "node:crypto";
import { sha256Hex } from "../../../protocol/digest.ts";
import { sharedBytes } from "../../files/shared-bytes.ts";
import { PublishError } from "../publish-error.ts";

/** What one publish added to the manifest: one file on disk, however many files it serves as. */
export interface Pack {
  /** Number of the newest root at that time. */
  readonly root: number;
  /** Hosted artifacts by target path, as version files name them; absent where they were what the pack before says. */
  readonly artifactPaths?: Readonly<Record<string, string>>;
  /** Metadata by name. */
  readonly metadata: ReadonlyMap<string, Buffer>;
  /** Policy documents by served path. */
  readonly documents: ReadonlyMap<string, Buffer>;
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
    metadata: entriesOf(metadata),
    documents: entriesOf(documents),
  };
  const body = [Buffer.from(`${JSON.stringify(header)}\n`), ...metadata.values(), ...documents.values()];
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
  const cut = (entries: readonly PackEntry[]): Map<string, Buffer> =>
    new Map(
      entries.map(([entry, length]) => {
        at += length;
        return [entry, body.subarray(at - length, at)];
      }),
    );
  const { root, artifactPaths } = header;
  return {
    root,
    ...(artifactPaths === undefined ? {} : { artifactPaths }),
    // Copied out: some of these are held for long, and must not hold all the rest of the file.
    metadata: copiedOut(cut(header.metadata)),
    documents: copiedOut(cut(header.documents)),
  };
}

function copiedOut(files: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
  return new Map(files.entries().map(([entry, bytes]) => [entry, sharedBytes(bytes)]));
}

/** 64 hexadecimal digits and a line feed. */
const DIGEST_LINE = 65;

function entriesOf(files: ReadonlyMap<string, Buffer>): PackEntry[] {
  return [...files].map(([name, { length }]) => [name, length]);
}
