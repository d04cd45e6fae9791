import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { ByteSource } from "./byte-source.ts";

/** Opens a file for `task` and closes it again. @throws what the file system says */
export function withFileBytes<T>(path: string, task: (source: ByteSource) => T): T {
  const descriptor = openSync(path, "r");
  try {
    return task({
      size: fstatSync(descriptor).size,
      read: (offset, length) => {
        const bytes = Buffer.alloc(length);
        return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
      },
    });
  } finally {
    closeSync(descriptor);
  }
}
