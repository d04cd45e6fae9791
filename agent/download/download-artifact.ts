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
import { FetchError } from "../fetch/fetch-error.ts";
import { parseRetryAfter } from "../fetch/retry-after.ts";
import { errnoOf } from "../files/errno.ts";
import { hashDescriptor } from "../files/hash-file.ts";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile, syncFolder } from "../files/replace-file.ts";
import type { Build } from "../installation/build.ts";
import { requireSpace } from "../installation/check-space.ts";
import { fromFileError, InstallError, type InstallErrorCode } from "../installation/install-error.ts";
import type { StagingFolder } from "../installation/staging-folder.ts";
import { RateLimit } from "./limit-rate.ts";

/** The start of an answer: its body has not been read. */
export interface ArtifactResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

/** Asks one server for the bytes of one artifact. It and the body's stream end with a `FetchError` past a limit. */
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
  /** At least one; asked in their order. */
  readonly mirrors: readonly OpenArtifact[];
}

export interface DownloadOptions extends ArtifactSource {
  readonly staging: StagingFolder;
  /** Absent: as fast as it comes. */
  readonly maxBytesPerSecond?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that are there, out of the artifact's size. */
  readonly onProgress?: ((received: number) => void) | undefined;
}

/**
 * Brings the artifact into staging, where it then has exactly the signed length and digest. Goes on where an
 * interrupted download stopped, with the next mirror where one fails: what is there is hashed again from its first
 * byte, and length and digest are checked while the rest streams in. All of it through one descriptor.
 *
 * @throws InstallError `install/disk-full`, `install/not-writable`, `install/bad-staging`, `install/network`,
 *   `install/download-stalled`, `install/tampered`, `install/aborted`. The partial file stays for the next try, except
 *   when its bytes are wrong.
 */
export async function downloadArtifact(options: DownloadOptions): Promise<void> {
  const { staging, artifact, mirrors } = options;
  const path = staging.staged(artifact);
  const descriptor = openPartial(path);
  try {
    const partial = new PartialFile(descriptor, path, artifact);
    partial.readBack();
    const isOneAnswer = partial.received === 0 && mirrors.length === 1;
    let good = await completed(partial, options, mirrors);
    if (!good && !isOneAnswer) {
      // The wrong bytes came from an earlier try or from one of several: once more from nothing, the others first.
      partial.restart();
      good = await completed(partial, options, mirrors.toReversed());
    }
    if (!good) {
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
async function completed(
  partial: PartialFile,
  options: DownloadOptions,
  mirrors: readonly OpenArtifact[],
): Promise<boolean> {
  if (partial.received < options.artifact.size) await fetchRest(partial, options, mirrors);
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
  const isOurs = found.isFile() && found.uid === process.geteuid?.();
  if (isOurs && found.nlink === 1) return descriptor;
  closeSync(descriptor);
  if (isOurs) {
    // A second name, as a kill in a rollback leaves it, is another build's: this name goes, and that one keeps its file.
    rmSync(path, { force: true });
    return openPartial(path);
  }
  throw new InstallError("install/bad-staging", `\`${path}\` is not a partial download of ours`, {
    expected: "a regular file of the agent's user",
    got: `${found.isFile() ? "a file" : "no file"} of user ${found.uid}`,
    help: "find out who put it there, then remove it",
  });
}

/** The file being filled, with the hash of what it holds. */
class PartialFile {
  received = 0;
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

  /** @throws InstallError `install/tampered` before a byte past the signed length is written; or a file error */
  append(bytes: Buffer): void {
    if (this.received + bytes.length > this.artifact.size) {
      throw new InstallError("install/tampered", `more bytes came than ${this.artifact.version} has`, {
        expected: `${this.artifact.size} bytes`,
        got: `at least ${this.received + bytes.length} bytes`,
        help: "a proxy or the mirror serves another file under this name",
      });
    }
    try {
      for (let written = 0; written < bytes.length; ) {
        const rest = bytes.length - written;
        written += writeSync(this.descriptor, bytes, written, rest, this.received + written);
      }
    } catch (error) {
      throw fromFileError(error, "write", this.path);
    }
    this.hash.update(bytes);
    this.received += bytes.length;
  }

  verify(): boolean {
    this.digest = this.hash.copy().digest("hex");
    return this.received === this.artifact.size && this.digest === this.artifact.sha256;
  }
}

async function fetchRest(
  partial: PartialFile,
  options: DownloadOptions,
  mirrors: readonly OpenArtifact[],
): Promise<void> {
  const { artifact, staging } = options;
  requireSpace(staging.directory, artifact.size - partial.received);
  const failures: InstallError[] = [];
  for (const mirror of mirrors) {
    try {
      await fetchFrom(partial, options, mirror);
      return;
    } catch (error) {
      if (!(error instanceof InstallError) || !OTHERS_MAY_DO_BETTER.has(error.code)) throw error;
      if (error.code === "install/tampered") partial.restart();
      failures.push(error);
    }
  }
  throw worstOf(failures) ?? new InstallError("install/network", "there is nowhere to download from");
}

/** What is told of several: wrong bytes before silence, then who asks for the longest wait, then the last. */
function worstOf(failures: readonly InstallError[]): InstallError | undefined {
  const rank = ({ code, retryAfter = 0 }: InstallError): number =>
    code === "install/tampered" ? Number.POSITIVE_INFINITY : retryAfter;
  return failures.toSorted((a, b) => rank(a) - rank(b)).at(-1);
}

const OTHERS_MAY_DO_BETTER: ReadonlySet<InstallErrorCode> = new Set<InstallErrorCode>([
  "install/download-stalled",
  "install/network",
  "install/tampered",
]);

async function fetchFrom(
  partial: PartialFile,
  options: DownloadOptions,
  mirror: OpenArtifact,
): Promise<void> {
  const { artifact, signal, onProgress } = options;
  try {
    const response = await openFrom(partial, options, mirror, partial.received);
    const { maxBytesPerSecond } = options;
    const rate = maxBytesPerSecond === undefined ? undefined : new RateLimit(maxBytesPerSecond);
    for await (const chunk of response.body) {
      partial.append(chunk);
      onProgress?.(partial.received);
      await rate?.pay(chunk.length, signal);
    }
  } catch (error) {
    if (signal?.aborted === true) {
      throw new InstallError("install/aborted", "stopped during the download", {
        help: "nothing was changed; what has come is kept, and the next update goes on from there",
      });
    }
    if (error instanceof InstallError) throw error;
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

/**
 * Asks for the rest, or for everything where the server cannot or will not go on from there. What has come so far is
 * given up only for a sound answer that begins at the first byte.
 */
async function openFrom(
  partial: PartialFile,
  options: DownloadOptions,
  mirror: OpenArtifact,
  from: number,
): Promise<ArtifactResponse> {
  const { artifact } = options;
  // Only the first mirror's validator is kept; with the others the digest of the whole has to tell.
  const etag = mirror === options.mirrors[0] ? new KeptEtag(options.staging.etag(artifact)) : undefined;
  const condition = from === 0 ? undefined : etag?.read();
  const headers = {
    "accept-encoding": "identity",
    ...(from === 0 ? {} : { range: `bytes=${from}-` }),
    ...(condition === undefined ? {} : { "if-range": condition }),
  };
  const response = await mirror(headers, options.signal);

  const { status, body } = response;
  const encoded = foreignEncoding(response.headers);
  if (encoded === undefined) {
    if (status === 206 && response.headers["content-range"]?.startsWith(`bytes ${from}-`)) return response;
    if (status === 200) {
      partial.restart();
      etag?.keep(response.headers.etag);
      return response;
    }
  }
  body.destroy();
  if ((status === 416 || status === 206) && from > 0) return openFrom(partial, options, mirror, 0);
  throw encoded === undefined || status !== 200 ? refused(response, artifact) : reEncoded(encoded, artifact);
}

/** The validator that came with a partial file; without one the rest is asked for unconditionally. */
class KeptEtag {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  read(): string | undefined {
    try {
      const found = readBounded(this.path, 1024);
      return found.kind === "bytes" ? found.bytes.toString("latin1") : undefined;
    } catch {
      return undefined;
    }
  }

  keep(given: string | undefined): void {
    try {
      rmSync(this.path, { force: true });
      // A weak tag does not promise equal bytes (RFC 9110, section 13.1.5).
      if (given !== undefined && /^"[\x21\x23-\x7e]{1,255}"$/.test(given)) replaceFile(this.path, given);
    } catch {
      // The digest of the whole tells in the end.
    }
  }
}

function refused({ status, headers }: ArtifactResponse, artifact: SignedArtifact): InstallError {
  return new InstallError("install/network", `the server did not give out ${artifact.version}`, {
    expected: "status 200 or 206",
    got: `status ${status}`,
    help: "the mirror may be incomplete; the agent tries again at its next check",
    retryAfter: parseRetryAfter(headers["retry-after"], Date.now() / 1000),
  });
}

function foreignEncoding(headers: IncomingHttpHeaders): string | undefined {
  const encoding = headers["content-encoding"];
  return encoding === "identity" ? undefined : encoding;
}

function reEncoded(encoding: string, { version }: SignedArtifact): InstallError {
  return new InstallError(
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
  const slow =
    error instanceof FetchError && (error.code === "fetch/too-slow" || error.code === "fetch/timed-out");
  return new InstallError(
    slow ? "install/download-stalled" : "install/network",
    `the download of ${artifact.version} ${slow ? "stands still or crawls" : "broke off"}`,
    {
      expected: `${artifact.size} bytes`,
      got: `${received} bytes, then: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`,
      help: "the agent goes on from there at its next check",
      cause: error,
      retryAfter: error instanceof FetchError ? error.retryAfter : undefined,
    },
  );
}
