import { DomainError, type ErrorTable } from "../../../protocol/domain-error.ts";

export const STORE_ERRORS = {
  "store/bad-cursor": {
    cause: "the place from which a list was to go on is none that an earlier page gave",
    remedy: "ask for the first page, and go on with the `next` of each page as it came",
    retry: "stalled",
  },
  "store/damaged": {
    cause: "the fleet's database cannot be read, or holds what this program never wrote",
    remedy:
      "restore the last backup, or move the file away to begin anew: history is lost then, and no halt, since that is in the signed policy",
    retry: "stalled",
  },
  "store/disk-full": {
    cause: "there is no space for the fleet's database",
    remedy: "free space there: nothing that was acknowledged is lost, and it goes on by itself",
    retry: "waiting",
  },
  "store/failed": {
    cause: "the fleet's database refused something for a reason that no other code names",
    remedy: "report it with the message: this is a defect",
    retry: "stalled",
  },
  "store/io-error": {
    cause: "the operating system failed to read or write the fleet's database",
    remedy: "look at the disk, the mounts and the system's log; it tries again by itself",
    retry: "waiting",
  },
  "store/key-replaced": {
    cause: "a device's key was replaced while its check-in was under way",
    remedy: "nothing, as the device signs its next request with the new key",
    retry: "waiting",
  },
  "store/locked": {
    cause: "another program holds the fleet's database",
    remedy: "end that program, such as an open `sqlite3`; it tries again by itself",
    retry: "waiting",
  },
  "store/no-such-device": {
    cause: "a device is asked for that is not enrolled, or was removed meanwhile",
    remedy: "look the device up in the list, or enrol it again",
    retry: "stalled",
  },
  "store/not-permitted": {
    cause: "the user that runs the controller may not open or write the fleet's database",
    remedy: "give that user the rights on the file and on its folder",
    retry: "stalled",
  },
  "store/too-new": {
    cause: "the fleet's database was written by a newer version of Fairlead",
    remedy: "run that version or a newer one, or restore the backup that was taken before it",
    retry: "stalled",
  },
} as const satisfies ErrorTable<{ readonly retry: "waiting" | "stalled" }>;
export type StoreErrorCode = keyof typeof STORE_ERRORS;

/** The fleet's store could not do what was asked; nothing of it is stored. */
export class StoreError extends DomainError<StoreErrorCode> {
  /** `waiting`: it may work the next time by itself. */
  get retry(): "waiting" | "stalled" {
    return STORE_ERRORS[this.code].retry;
  }
}
