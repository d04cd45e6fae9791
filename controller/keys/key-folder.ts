import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readBounded } from "../files/read-bounded.ts";
import { KeyError } from "./key-error.ts";
import { claimsToBeKeyFile, type KeyFile, MAX_KEY_FILE_BYTES, openKeyFile } from "./key-file.ts";

/** More files than any holder of keys has. */
const MAX_FILES = 1000;

/**
 * The private keys of a folder, by file name; none where there is no such folder. Files of another kind are passed
 * over. The path of a key itself gives that one.
 *
 * @throws KeyError as `openKeyFile`; `keys/unreadable` for a folder with too many files
 */
export function readKeyFolder(folder: string): KeyFile[] {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return [openKeyFile(folder)];
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map(({ name }) => name)
    .sort();
  if (names.length > MAX_FILES) {
    throw new KeyError("keys/unreadable", `\`${folder}\` holds ${names.length} JSON files`, {
      help: "name a folder that holds keys and little else with --dir",
    });
  }
  return names
    .map((name) => join(folder, name))
    .filter((path) => {
      const bytes = readBounded(path, MAX_KEY_FILE_BYTES);
      return bytes !== undefined && claimsToBeKeyFile(bytes);
    })
    .map(openKeyFile);
}
