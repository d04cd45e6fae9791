import { createHash, type Hash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  rmSync,
  writeSync,
} from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Build } from "../build.ts";
import { FetchError } from "../fetch/fetch-error.ts";
import { errnoOf } from "../files/errno.ts";
import { hashDescriptor } from "../files/hash-file.ts";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile, syncFolder } from "../files/replace-file.ts";
import type { StagingFolder } from "../files/staging-folder.ts";
import { fromFileError, InstallError } from "../install-error.ts";
import { requireSpace } from "./check-space.ts";

/** The start of an answer: its body has not been read. */
export interface ArtifactResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

/** Asks for the bytes of one artifact. It and the body's stream end with a `FetchError` when a limit is passed. */
export type OpenArtifact = (
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
) => Promise<ArtifactResponse>;

/** What the release key says of the bytes to come. */
export interface SignedArtifact extends Build {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Where the bytes of a build come from. */
export interface ArtifactSource {
  readonly artifact: SignedArtifact;
  readonly open: OpenArtifact;
}

export interface DownloadOptions extends ArtifactSource {
  readonly staging: StagingFolder;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that are there, out of the artifact's size. */
  readonly onProgress?: ((received: number) => void) | undefined;
}

/**
 * Brings the artifact into staging, where it then has exactly the signed length and digest. Goes on where an
 * interrupted download stopped: what is there is hashed again from its first byte, and length and digest are checked
 * while the rest streams in. All of it through one descriptor.
 *
 * @throws InstallError `install/disk-full`, `install/not-writable`, `install/bad-staging`, `install/network`,
 *   `install/download-stalled`, `install/tampered`, `install/aborted`. The partial file stays for the next try, except when its bytes are wrong.
 */
export async function downloadArtifact(options: DownloadOptions): Promise<void> {
  const { staging, artifact } = options;
  const path = staging.staged(artifact);
  const descriptor = openPartial(path);
  try {
    const partial = new PartialFile(descriptor, path, artifact);
    partial.readBack();
    if (partial.received > 0 && !(await completed(partial, options))) {
      // The bytes of the earlier try may have been the wrong ones: once more from nothing.
      partial.restart();
    }
    if (!partial.verified && !(await completed(partial, options))) {
      rmSync(path, { force: true });
      rmSync(staging.etag(artifact), { force: true });
      throw new InstallError("install/tampered", `the bytes of ${artifact.version} are not the signed ones`, {
        expected: `sha256 ${artifact.sha256}`,
        got: `sha256 ${partial.digest}`,
        help: "a proxy, a virus scanner or the mirror changed them; they were thrown away",
      });
    }
    fsyncSync(descriptor);
    syncFolder(staging.directory);
  } catch (error) {
    throw errnoOf(error) === undefined ? error : fromFileError(error, "write", path);
  } finally {
    closeSync(descriptor);
  }
}

/** Fetches what is missing and says whether the whole then has the signed digest. */
async function completed(partial: PartialFile, options: DownloadOptions): Promise<boolean> {
  if (partial.received < options.artifact.size) await fetchRest(partial, options);
  return partial.verify();
}

function openPartial(path: string): number {
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  try {
    return openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw fromFileError(error, "make", path);
  }
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDWR | O_NOFOLLOW);
  } catch (error) {
    throw fromFileError(error, "open", path);
  }
  const found = fstatSync(descriptor);
  if (found.isFile() && found.nlink === 1 && found.uid === process.geteuid?.()) return descriptor;
  closeSync(descriptor);
  throw new InstallError("install/bad-staging", `\`${path}\` is not a partial download of ours`, {
    expected: "a regular file of the agent's user with one name",
    got: `${found.isFile() ? "a file" : "no file"} of user ${found.uid} with ${found.nlink} names`,
    help: "find out who put it there, then remove it",
  });
}

/** The file being filled, with the hash of what it holds. */
class PartialFile {
  received = 0;
  verified = false;
  digest = "";
  private hash: Hash = createHash("sha256");
  private readonly descriptor: number;
  private readonly artifact: SignedArtifact;
  readonly path: string;

  constructor(descriptor: number, path: string, artifact: SignedArtifact) {
    this.descriptor = descriptor;
    this.path = path;
    this.artifact = artifact;
  }

  readBack(): void {
    const { size } = fstatSync(this.descriptor);
    if (size > this.artifact.size) this.restart();
    else this.received = hashDescriptor(this.descriptor, this.hash, size);
  }

  restart(): void {
    ftruncateSync(this.descriptor);
    this.received = 0;
    this.hash = createHash("sha256");
  }

  /** @throws InstallError `install/tampered` before a byte past the signed length is written */
  append(bytes: Buffer): void {
    if (this.received + bytes.length > this.artifact.size) {
      throw new InstallError("install/tampered", `more bytes came than ${this.artifact.version} has`, {
        expected: `${this.artifact.size} bytes`,
        got: `at least ${this.received + bytes.length} bytes`,
        help: "a proxy or the mirror serves another file under this name",
      });
    }
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(this.descriptor, bytes, written, bytes.length - written, this.received + written);
    }
    this.hash.update(bytes);
    this.received += bytes.length;
  }

  verify(): boolean {
    this.digest = this.hash.copy().digest("hex");
    this.verified = this.received === this.artifact.size && this.digest === this.artifact.sha256;
    return this.verified;
  }
}

async function fetchRest(partial: PartialFile, options: DownloadOptions): Promise<void> {
  const { artifact, staging } = options;
  requireSpace(staging.directory, artifact.size - partial.received);

  try {
    const response = await openFrom(partial, options);
    for await (const chunk of response.body) {
      partial.append(chunk);
      options.onProgress?.(partial.received);
    }
  } catch (error) {
    if (options.signal?.aborted === true)
      throw new InstallError("install/aborted", "stopped during the download");
    if (error instanceof InstallError || isFileError(error)) throw error;
    throw brokenOff(error, artifact, partial.received);
  }
  if (partial.received < artifact.size) {
    throw new InstallError("install/network", `the download of ${artifact.version} ended early`, {
      expected: `${artifact.size} bytes`,
      got: `${partial.received} bytes`,
      help: "the agent goes on from there at its next check",
    });
  }
}

/** Asks for the rest, or for everything where the server cannot or will not go on from there. */
async function openFrom(partial: PartialFile, options: DownloadOptions): Promise<ArtifactResponse> {
  const { staging, artifact } = options;
  const etagFile = staging.etag(artifact);
  const identity = { "accept-encoding": "identity" };
  const read = readBounded(etagFile, 1024);
  const etag = read.kind === "bytes" ? read.bytes.toString("latin1") : undefined;
  const range = partial.received === 0 ? {} : { range: `bytes=${partial.received}-` };
  const condition = partial.received === 0 || etag === undefined ? {} : { "if-range": etag };
  const response = await options.open({ ...identity, ...range, ...condition }, options.signal);

  const { status, headers, body } = response;
  if (status === 206 && headers["content-range"]?.startsWith(`bytes ${partial.received}-`)) return response;
  if (status === 200) {
    requireIdentity(headers, artifact.version, body);
    partial.restart();
    const given = headers.etag;
    // A weak tag does not promise equal bytes (RFC 9110, section 13.1.5).
    if (given !== undefined && /^"[\x21\x23-\x7e]{1,255}"$/.test(given)) replaceFile(etagFile, given);
    return response;
  }
  body.destroy();
  if ((status === 416 || status === 206) && partial.received > 0) {
    partial.restart();
    return openFrom(partial, options);
  }
  throw new InstallError("install/network", `the server did not give out ${artifact.version}`, {
    expected: "status 200 or 206",
    got: `status ${status}`,
    help: "the mirror may be incomplete; the agent tries again at its next check",
  });
}

function requireIdentity(headers: IncomingHttpHeaders, version: string, body: Readable): void {
  const encoding = headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return;
  body.destroy();
  throw new InstallError(
    "install/network",
    `${version} came with a content encoding that was not asked for`,
    {
      expected: "the bytes as they are",
      got: `content-encoding: ${encoding.slice(0, 40)}`,
      help: "a proxy on the way re-encodes files: except the update server from that",
    },
  );
}

function brokenOff(error: unknown, artifact: SignedArtifact, received: number): InstallError {
  const slow = error instanceof FetchError && (error.code === "too-slow" || error.code === "timed-out");
  return new InstallError(
    slow ? "install/download-stalled" : "install/network",
    `the download of ${artifact.version} ${slow ? "stands still or crawls" : "broke off"}`,
    {
      expected: `${artifact.size} bytes`,
      got: `${received} bytes, then: ${error instanceof Error ? error.message : String(error)}`,
      help: "the agent goes on from there at its next check",
      cause: error,
    },
  );
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "errno" in error && error.syscall === "write";
}
