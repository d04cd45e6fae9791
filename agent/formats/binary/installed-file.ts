import { lstatSync } from "node:fs";
import { sha256OfFile } from "../../files/hash-file.ts";
import { fromFileError, InstallError } from "../../installation/install-error.ts";
import type { InstalledFacts } from "../format.ts";

/**
 * Looks at the installed file; hashes it only when its fingerprint is not the known one.
 *
 * @returns `undefined` when nothing is installed
 * @throws InstallError `install/io-error` when the path is not a regular file
 */
export function readInstalled(path: string, known?: InstalledFacts): InstalledFacts | undefined {
  try {
    return look(path, known);
  } catch (error) {
    throw fromFileError(error, "read", path);
  }
}

function look(path: string, known: InstalledFacts | undefined): InstalledFacts | undefined {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (!stat.isFile()) {
    throw new InstallError("install/io-error", `\`${path}\` is not a regular file`, {
      expected: "the product's executable, or nothing",
      got: stat.isSymbolicLink() ? "a symbolic link" : "something else",
      help: "enrol with the path of the file itself (--install-path), not of a link to it",
    });
  }
  // Without the change time: a hard link for the rollback copy moves it and not the bytes.
  const fingerprint = [stat.dev, stat.ino, stat.size, stat.mtimeNs].join(":");
  if (known?.fingerprint === fingerprint) return known;
  const id = sha256OfFile(path);
  return id === undefined ? undefined : { id, fingerprint };
}
