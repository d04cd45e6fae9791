import { dirname } from "node:path";
import { SystemError } from "../../../files/system-error.ts";
import { StoreError } from "../store-error.ts";

/** Primary result codes: https://www.sqlite.org/rescode.html */
const SQLITE = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  PROTOCOL: 15,
  NOTADB: 26,
} as const;

/**
 * What a failure of SQLite or of the file below it means for whoever runs the controller.
 *
 * @returns an error that is neither as it is
 */
export function explainSqliteError(error: unknown, path: string): unknown {
  if (error instanceof StoreError) return error;
  if (error instanceof SystemError) return explainSystemError(error);
  const result = resultOf(error);
  if (result === undefined || !(error instanceof Error)) return error;
  const said = `\`${path}\`: ${error.message}`;
  switch (result) {
    case SQLITE.FULL:
      return new StoreError("store/disk-full", `no space is left for ${said}`, {
        help: `free space there: \`df -h ${dirname(path)}\` shows the disk`,
        cause: error,
      });
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
    case SQLITE.PROTOCOL:
      return new StoreError("store/locked", `another program holds ${said}`, {
        help: "end that program",
        cause: error,
      });
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return new StoreError("store/damaged", `the fleet's database is damaged: ${said}`, {
        help: "restore the last backup, or move the file and those beside it away to begin anew: history is lost then, and no halt",
        cause: error,
      });
    case SQLITE.IOERR:
      return new StoreError("store/io-error", `the system failed to read or write ${said}`, {
        help: "look at the disk, the mounts and the system's log",
        cause: error,
      });
    case SQLITE.PERM:
    case SQLITE.READONLY:
    case SQLITE.CANTOPEN:
      return new StoreError(
        "store/not-permitted",
        `the fleet's database cannot be opened or written: ${said}`,
        {
          help: "give the user that runs fairlead the rights on the file and its folder",
          cause: error,
        },
      );
    default:
      return new StoreError("store/failed", `the fleet's database refused something: ${said}`, {
        cause: error,
      });
  }
}

/** Whether an error concerns the whole store, and not only the one row that it came with. */
export function concernsAll(error: unknown): boolean {
  switch (resultOf(error)) {
    case SQLITE.FULL:
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
    case SQLITE.IOERR:
    case SQLITE.READONLY:
    case SQLITE.CANTOPEN:
      return true;
    default:
      return false;
  }
}

/** The primary code: more is in the upper bits. */
function resultOf(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : undefined;
}

/** Before SQLite opens a file it is made by ourselves. */
function explainSystemError(error: SystemError): StoreError {
  const options = { cause: error, ...(error.help === undefined ? {} : { help: error.help }) };
  switch (error.code) {
    case "system/disk-full":
      return new StoreError("store/disk-full", error.message, options);
    case "system/failed":
    case "system/not-found":
      return new StoreError("store/io-error", error.message, options);
    case "system/in-the-way":
    case "system/not-permitted":
      return new StoreError("store/not-permitted", error.message, options);
  }
}
