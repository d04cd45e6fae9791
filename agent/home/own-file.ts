import { type BoundedRead, readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";
import { setAside } from "../files/set-aside.ts";
import { homeError } from "./home-error.ts";

/**
 * One small file in which the agent notes something for itself. A damaged one, whatever stands in its place, is set
 * aside and counts as absent: an agent that stops for ever over its own notes helps nobody.
 */
export class OwnFile<T> {
  readonly path: string;
  private readonly maxBytes: number;
  private readonly parse: (bytes: Uint8Array) => T | undefined;

  /** @param parse gives `undefined` for what it cannot understand */
  constructor(path: string, maxBytes: number, parse: (bytes: Uint8Array) => T | undefined) {
    this.path = path;
    this.maxBytes = maxBytes;
    this.parse = parse;
  }

  /** @throws HomeError where the file may be sound and cannot be read */
  read(): T | undefined {
    const value = this.look();
    if (value !== "damaged") return value;
    setAside(this.path);
    return undefined;
  }

  private look(): T | "damaged" | undefined {
    const found = readHomeFile(this.path, this.maxBytes);
    switch (found.kind) {
      case "absent":
        return undefined;
      case "unusable":
        return "damaged";
      case "bytes":
        return this.parse(found.bytes) ?? "damaged";
    }
  }

  /** @throws HomeError; the file is then as it was */
  write(text: string): void {
    writeHomeFile(this.path, text);
  }
}

/** @throws HomeError where the file may be sound and cannot be read */
export function readHomeFile(path: string, maxBytes: number): BoundedRead {
  try {
    return readBounded(path, maxBytes);
  } catch (error) {
    throw homeError(error, "read", path);
  }
}

/** @throws HomeError; the file is then as it was */
export function writeHomeFile(path: string, text: string): void {
  try {
    replaceFile(path, text);
  } catch (error) {
    throw homeError(error, "write", path);
  }
}
