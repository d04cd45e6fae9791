import { createHash, type Hash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { moveIntoPlace } from "../files/replace-file.ts";
import { ArtifactError } from "./artifact-error.ts";
import type { LfsDownload } from "./lfs-batch.ts";
import type { LfsPointer } from "./lfs-pointer.ts";
import { unreachable, type WebClient } from "./web-client.ts";

/** Bytes that stay free for the manifest and the mirror, whatever is fetched. */
const SPARE_BYTES = 64 * 1024 * 1024;

/** The objects that were fetched from a Git LFS server, in the layout of git-lfs itself: `objects/9f/2c/9f2c...`. */
export class LfsObjects {
  /** Of the objects, absolute. */
  readonly folder: string;
  private readonly incomplete: string;

  /** @param folder absolute; nobody else writes there */
  constructor(folder: string) {
    this.folder = join(folder, "objects");
    this.incomplete = join(folder, "incomplete");
    for (const each of [this.folder, this.incomplete]) mkdirSync(each, { recursive: true, mode: 0o700 });
  }

  /** Of an object, below the folder. */
  pathOf(oid: string): string {
    return `${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`;
  }

  has(oid: string): boolean {
    return existsSync(join(this.folder, this.pathOf(oid)));
  }

  remove(oid: string): void {
    rmSync(join(this.folder, this.pathOf(oid)), { force: true });
  }

  /** Removes every object, whole or begun, but these. */
  keepOnly(oids: ReadonlySet<string>): void {
    for (const entry of readdirSync(this.folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !oids.has(entry.name))
        rmSync(join(entry.parentPath, entry.name), { force: true });
    }
    for (const name of readdirSync(this.incomplete)) {
      if (!oids.has(name)) rmSync(join(this.incomplete, name), { force: true });
    }
  }

  /**
   * Fetches an object, going on where an earlier try ended. It is there whole or not at all, and only with the bytes that
   * its name says.
   *
   * @throws ArtifactError
   */
  async fetch(
    client: WebClient,
    { oid, size }: LfsPointer,
    download: LfsDownload,
    signal: AbortSignal,
  ): Promise<void> {
    const partial = join(this.incomplete, oid);
    await this.requireSpace(size, partial);
    const handle = await open(partial, "a+", 0o600);
    let isWhole: boolean;
    try {
      isWhole = await fill(handle, client, { oid, size }, download, signal);
    } catch (error) {
      throw isNoSpace(error) ? full(partial, error) : error;
    } finally {
      await handle.close();
    }
    if (!isWhole) {
      rmSync(partial, { force: true });
      throw new ArtifactError("artifact/differs", `\`${download.url.host}\` sent other bytes than ${oid}`, {
        help: "they were thrown away; compare with `git lfs fsck` in a clone",
      });
    }
    const place = join(this.folder, this.pathOf(oid));
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
    moveIntoPlace(partial, place);
  }

  private async requireSpace(size: number, partial: string): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    const begun = existsSync(partial) ? statSync(partial).size : 0;
    if (size - begun + SPARE_BYTES > bavail * bsize) throw full(partial, undefined);
  }
}

/** @returns whether the file then is the object */
async function fill(
  handle: FileHandle,
  client: WebClient,
  { oid, size }: LfsPointer,
  { url, headers }: LfsDownload,
  signal: AbortSignal,
): Promise<boolean> {
  let { hash, received } = await readBack(handle, size);
  if (received < size) {
    const range = received === 0 ? {} : { range: `bytes=${received}-` };
    const asked = { "accept-encoding": "identity", ...headers, ...range };
    const answer = await client.send(url, { method: "GET", headers: asked, signal });
    const status = answer.statusCode ?? 0;
    const goesOn =
      status === 206 && answer.headers["content-range"]?.startsWith(`bytes ${received}-`) === true;
    if (!goesOn && status !== 200) {
      answer.destroy();
      // What was begun may be more than the server has: the next try begins anew.
      if (status === 416 || status === 206) await handle.truncate();
      throw new ArtifactError("artifact/unreachable", `\`${url.host}\` answers ${status} instead of ${oid}`);
    }
    if (!goesOn) {
      await handle.truncate();
      [hash, received] = [createHash("sha256"), 0];
    }
    try {
      for await (const chunk of answer) {
        received += chunk.length;
        // One byte too many is enough to know.
        if (received > size) return false;
        await handle.appendFile(chunk);
        hash.update(chunk);
      }
    } catch (error) {
      throw isNoSpace(error) ? error : unreachable(url, error);
    }
    if (received < size) throw unreachable(url, new Error(`it sent ${received} of ${size} bytes`));
  }
  return hash.digest("hex") === oid;
}

const PIECE_BYTES = 1024 * 1024;

async function readBack(handle: FileHandle, size: number): Promise<{ hash: Hash; received: number }> {
  const hash = createHash("sha256");
  if ((await handle.stat()).size > size) await handle.truncate();
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  for (let at = 0; ; ) {
    const { bytesRead } = await handle.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return { hash, received: at };
    hash.update(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}

function full(path: string, cause: unknown): ArtifactError {
  return new ArtifactError("artifact/disk-full", `there is no space left at \`${dirname(path)}\``, { cause });
}
