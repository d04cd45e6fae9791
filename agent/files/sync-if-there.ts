import { closeSync, constants, fstatSync, fsyncSync, openSync } from "node:fs";
import { errnoOf } from "./errno.ts";

/**
 * Brings a file or folder to the disk for good. What is not there, or is neither (a link, a device, a pipe), is passed over.
 *
 * @throws the file system's error where the disk fails
 */
export function syncIfThere(path: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (["ENOENT", "ELOOP", "ENXIO", "ENODEV", "ENOTDIR"].includes(errnoOf(error) ?? "")) return;
    throw error;
  }
  try {
    const found = fstatSync(descriptor);
    if (found.isFile() || found.isDirectory()) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
