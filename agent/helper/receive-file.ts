import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, rmSync } from "node:fs";
import { CREATE_EXCLUSIVELY, writeAll } from "../files/replace-file.ts";
import type { Link } from "../helper-link/link.ts";
import { readGift } from "../helper-link/messages.ts";
import type { Build } from "../installation/build.ts";
import { requireSpace } from "../installation/check-space.ts";
import { fromFileError, InstallError } from "../installation/install-error.ts";

/** The build that is to be installed, or the one that is. */
export type Asked = "artifact" | "previous";

/**
 * Takes the bytes of a build's file from the agent into a file of root's own. They come over the socket, and no file of the
 * agent's is ever opened: then nothing can be swapped between check and use, no link is followed, nothing but the signed
 * number of bytes gets onto the disk, and what is hashed is what was written.
 *
 * @param path in a folder that only root can enter
 * @throws InstallError `install/tampered`, `install/disk-full`, ...; nothing stays behind. And as `Link`.
 *   `install/no-way-back`: the agent has no file of what is installed
 */
export async function receiveFile(
  link: Link,
  asked: Asked,
  { id, version, size, sha256 }: Build & { readonly size: number; readonly sha256: string },
  folder: string,
  path: string,
): Promise<void> {
  requireSpace(folder, size);
  rmSync(path, { force: true });
  await link.say(asked === "artifact" ? { say: asked, size } : { say: asked, id, size });
  const { bytes } = await link.hear(readGift);
  if (bytes === undefined && asked === "previous") {
    throw new InstallError("install/no-way-back", `the agent has no file of the installed ${version}`);
  }
  if (bytes !== size) throw tampered(version, `${size} bytes`, bytes === undefined ? "none" : `${bytes}`);
  let descriptor: number;
  try {
    descriptor = openSync(path, CREATE_EXCLUSIVELY, 0o600);
  } catch (error) {
    throw fromFileError(error, "make", path);
  }
  try {
    const hash = createHash("sha256");
    for await (const piece of link.bytes(size)) {
      hash.update(piece);
      writeTo(descriptor, piece, path);
    }
    const got = hash.digest("hex");
    if (got !== sha256) throw tampered(version, `sha256 ${sha256}`, `sha256 ${got}`);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function writeTo(descriptor: number, bytes: Buffer, path: string): void {
  try {
    writeAll(descriptor, bytes);
  } catch (error) {
    throw fromFileError(error, "write", path);
  }
}

function tampered(version: string, expected: string, got: string): InstallError {
  return new InstallError("install/tampered", `the bytes of ${version} are not the signed ones`, {
    expected,
    got,
    help: "look at what else runs as the agent's user; the agent fetches them again at its next check",
  });
}
