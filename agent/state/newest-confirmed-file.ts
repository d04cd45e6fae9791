import { readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";

const FORMAT = 1;
const MAX_BYTES = 1024;

/** What stands for a version that was noted and cannot be read any more: no release has its name. */
const UNKNOWN = "unknown";

/**
 * Keeps the newest version that this machine ever confirmed: its signed `rollbackTo` bounds every rollback that policy
 * asks for. Apart from `state.json`, of which any part may be lost: this is needed to be safe.
 */
export class NewestConfirmedFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * @returns `undefined` where nothing was noted of this product; where the note cannot be read, a text that is no
   *   version: then nothing is rolled back until a newer version is confirmed, and going up is as ever
   */
  read(product: string): string | undefined {
    let text: string | undefined;
    try {
      text = readBounded(this.path, MAX_BYTES)?.toString("utf8");
      if (text === undefined) return undefined;
      const { format, product: noted, version } = JSON.parse(text);
      if (format !== FORMAT || typeof noted !== "string" || typeof version !== "string") return UNKNOWN;
      return noted === product ? version : undefined;
    } catch {
      return UNKNOWN;
    }
  }

  /** @throws the file system's error; the old note is then untouched */
  write(product: string, version: string): void {
    replaceFile(this.path, `${JSON.stringify({ format: FORMAT, product, version })}\n`);
  }
}
