import { replaceFromSpare } from "../files/replace-file.ts";
import { readHomeFile, writeHomeFile } from "./own-file.ts";

/** A file that must be written even where the disk has become full: a spare of its size is made while there is room. */
export class SparedFile {
  private readonly path: string;
  private readonly spare: string;
  private readonly spareBytes: number;

  /** @param spareBytes room for the longest text that is ever written */
  constructor(path: string, spareBytes: number) {
    this.path = path;
    this.spare = `${path}.spare`;
    this.spareBytes = spareBytes;
  }

  /** @throws HomeError; the text before is then still there */
  write(text: string): void {
    try {
      writeHomeFile(this.path, text);
    } catch (error) {
      this.writeToSpare(text, error);
    }
  }

  /**
   * Sets space aside for what is to be written later.
   *
   * @throws HomeError where there is none
   */
  reserve(): void {
    const found = readHomeFile(this.spare, this.spareBytes);
    if (found.kind === "bytes" && found.bytes.length === this.spareBytes) return;
    writeHomeFile(this.spare, " ".repeat(this.spareBytes));
  }

  private writeToSpare(text: string, refusal: unknown): void {
    try {
      replaceFromSpare(this.path, text, this.spare);
    } catch {
      throw refusal;
    }
    try {
      this.reserve();
    } catch {
      // What the replaced text took is not always enough for the next one.
    }
  }
}
