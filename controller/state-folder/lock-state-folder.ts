import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeFolder } from "../files/make-folder.ts";
import { describeHolder, forgetHolder, noteHolder } from "./lock-holder.ts";
import { StateFolderError } from "./state-folder-error.ts";

/** This process is the only one at work on a state folder, until it lets go or ends. */
export interface StateFolderLock {
  readonly stateFolder: string;
  release(): void;
}

/**
 * Makes this process the only one that publishes from a state folder. The lock is one of the kernel's: it ends with the
 * process, however that ends, and no file that is left behind can hold anybody up.
 *
 * Node has no lock of files, but SQLite has one on every system: an exclusive transaction on a database that stays
 * empty. On Unix that is fcntl(2), which also network file systems pass on where they are mounted with locks.
 *
 * @param command who it is, for whoever is refused meanwhile
 * @throws StateFolderError `folder/in-use`, `folder/lock-unusable`
 * @throws SystemError when the folder cannot be made
 */
export function lockStateFolder(stateFolder: string, command: string): StateFolderLock {
  const lock = tryLock(stateFolder, command);
  if (lock !== undefined) return lock;
  throw new StateFolderError(
    "folder/in-use",
    `the state folder \`${stateFolder}\` is in use by ${describeHolder(stateFolder)}`,
    {
      help: "stop that one, or name another folder with --state-dir; `serve --standby` waits and takes over when it ends",
    },
  );
}

/**
 * The same, but `undefined` where another process holds the lock.
 *
 * @throws StateFolderError `folder/lock-unusable`
 * @throws SystemError when the folder cannot be made
 */
export function tryLock(stateFolder: string, command: string): StateFolderLock | undefined {
  makeFolder(stateFolder, 0o700);
  const path = join(stateFolder, "lock");
  const database = openLock(path);
  try {
    // With no journal on disk, which a full disk would refuse, and a kill leave behind.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw unusable(path, error);
  }
  held.add(database);
  noteHolder(stateFolder, command);
  return {
    stateFolder,
    release: () => {
      if (!held.delete(database)) return;
      forgetHolder(stateFolder);
      database.close();
    },
  };
}

/**
 * A database that nobody refers to is closed, and the lock with it. Nothing else in this process may open the file:
 * closing any descriptor of it would end the lock as well (fcntl(2)).
 */
const held = new Set<DatabaseSync>();

function openLock(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw unusable(path, error);
  }
}

/** SQLITE_BUSY, also with more in its upper bits. */
function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== undefined && (code & 0xff) === 5;
}

function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode
    : undefined;
}

/** @returns the error itself where it is not SQLite's */
function unusable(path: string, error: unknown): unknown {
  if (sqliteCode(error) === undefined || !(error instanceof Error)) return error;
  return new StateFolderError("folder/lock-unusable", `\`${path}\` cannot be locked: ${error.message}`, {
    help: "give this user the rights on it, move away what is no empty file there, and mount network file systems with locks",
    cause: error,
  });
}
