import { mkdirSync } from "node:fs";
import { onFile } from "./system-error.ts";

/** Makes a folder and those above it, where they are not there yet. @throws SystemError */
export function makeFolder(path: string, mode?: number): void {
  onFile(path, "made", () => mkdirSync(path, { recursive: true, ...(mode === undefined ? {} : { mode }) }));
}
