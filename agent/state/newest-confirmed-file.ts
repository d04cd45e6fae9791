import { ProtocolError } from "../../protocol/protocol-error.ts";
import { object, oneOf, parseJson, text } from "../../protocol/read-json.ts";
import { HomeError } from "../home/home-error.ts";
import { readHomeFile, writeHomeFile } from "../home/own-file.ts";

const FORMAT = 1;
const MAX_BYTES = 1024;

const readNote = object({ format: oneOf(FORMAT), product: text({ max: 63 }), version: text({ max: 64 }) });

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
    try {
      const found = readHomeFile(this.path, MAX_BYTES);
      if (found.kind === "absent") return undefined;
      if (found.kind === "unusable") return UNKNOWN;
      const noted = readNote(parseJson(found.bytes, MAX_BYTES), "");
      return noted.product === product ? noted.version : undefined;
    } catch (error) {
      if (error instanceof ProtocolError || error instanceof HomeError) return UNKNOWN;
      throw error;
    }
  }

  /** @throws HomeError; the old note is then untouched */
  write(product: string, version: string): void {
    writeHomeFile(this.path, `${JSON.stringify({ format: FORMAT, product, version })}\n`);
  }
}
