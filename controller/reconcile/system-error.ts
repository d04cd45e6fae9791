import type { ErrorTable } from "../../protocol/domain-error.ts";

/** What the operating system refused: its many error numbers (errno), sorted by what a person can do about them. */
export const SYSTEM_ERRORS = {
  "system/disk-full": {
    cause: "the disk or the quota of the controller's state folder is full",
    remedy: "free space",
    retry: "waiting",
  },
  "system/failed": {
    cause: "the operating system refused a read or a write; the message names its own code (errno)",
    remedy: "look at the disk, the mounts and the system's log",
    retry: "waiting",
  },
  "system/not-permitted": {
    cause: "the controller may not read or write a file",
    remedy: "give the controller's user the rights on its state folder",
    retry: "waiting",
  },
} as const satisfies ErrorTable<{ readonly retry: "waiting" }>;
export type SystemErrorCode = keyof typeof SYSTEM_ERRORS;

/** @param errno as node names it: `ENOSPC` */
export function systemErrorCode(errno: string): SystemErrorCode {
  switch (errno) {
    case "ENOSPC":
    case "EDQUOT":
      return "system/disk-full";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "system/not-permitted";
    default:
      return "system/failed";
  }
}
