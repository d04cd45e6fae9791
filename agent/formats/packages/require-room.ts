import { statSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "../../files/errno.ts";
import { requireSpace } from "../../installation/check-space.ts";

/** Of most file systems. */
const BLOCK_BYTES = 4096;

/**
 * Refuses a package whose files would not fit, before its package manager begins: dpkg lays all of them down beside the old
 * ones before it replaces the first. Each file system is looked at by itself.
 *
 * @param files with absolute paths, whose folders need not be there yet
 * @throws InstallError `install/disk-full`
 */
export function requireRoom(files: Iterable<{ readonly path: string; readonly bytes: number }>): void {
  const needed = new Map<number, { readonly folder: string; bytes: number }>();
  const known = new Map<string, { readonly folder: string; readonly device: number }>();
  for (const { path, bytes } of files) {
    const wanted = dirname(path);
    const found = known.get(wanted) ?? nearestFolder(wanted);
    known.set(wanted, found);
    const one = needed.get(found.device) ?? { folder: found.folder, bytes: 0 };
    one.bytes += Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
    needed.set(found.device, one);
  }
  for (const { folder, bytes } of needed.values()) requireSpace(folder, bytes);
}

/** The folder, or the nearest one above it that is there, and the file system that it is on. */
function nearestFolder(folder: string): { readonly folder: string; readonly device: number } {
  try {
    return { folder, device: statSync(folder).dev };
  } catch (error) {
    const above = dirname(folder);
    if (errnoOf(error) === undefined || above === folder) throw error;
    return nearestFolder(above);
  }
}
