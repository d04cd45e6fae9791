import type { ErrorTable } from "../../protocol/domain-error.ts";

/** What the operating system refused: its many error numbers (errno), sorted by what a person can do about them. */
export const SYSTEM_ERRORS = {
  "system/disk-full": {
    cause: "The disk or the quota of the controller's state folder is full.",
    remedy: "Free space.",
    retry: "waiting",
  },
  "system/failed": {
    cause: "The operating system refused a read or a write; the message names its own code (errno).",
    remedy: "Look at the disk, the mounts and the system's log.",
    retry: "waiting",
  },
  "system/not-permitted": {
    cause: "The controller may not read or write a file.",
    remedy: "Give the controller's user the rights on its state folder.",
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
