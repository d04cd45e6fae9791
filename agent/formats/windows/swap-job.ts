import { existsSync, rmSync } from "node:fs";
import { ProtocolError } from "../../../protocol/protocol-error.ts";
import { flag, object, oneOf, optional, parseJson, type Reader, text } from "../../../protocol/read-json.ts";
import { readBounded } from "../../files/read-bounded.ts";
import { replaceFile } from "../../files/replace-file.ts";
import { setAside } from "../../files/set-aside.ts";

const MAX_BYTES = 16 * 1024;

/**
 * One exchange of a service's program, written before it begins: whoever finds it, the helper program after a kill or the
 * hourly task, brings it to its end.
 */
export interface SwapJob {
  /** Absent: nothing runs it. */
  readonly service?: string;
  /** Where the program is installed. */
  readonly program: string;
  /** What goes there; absent: nothing did before, so what is there goes. */
  readonly incoming?: string;
  /** SHA-256 of `incoming`. */
  readonly id?: string;
  /** Where the program that is there now waits until the new one runs. */
  readonly outgoing: string;
  /** Where one that does not run is kept to look at. */
  readonly broken: string;
  /** The new one did not run: what waits goes back. */
  readonly undo?: boolean;
}

const path = text({ max: 1024 });
const fields: Reader<SwapJob & { readonly format: 1 }> = object({
  format: oneOf(1),
  service: optional(text({ max: 256 })),
  program: path,
  incoming: optional(path),
  id: optional(text({ max: 64 })),
  outgoing: path,
  broken: path,
  undo: optional(flag),
});

/** The open job, if there is one. A damaged file is set aside: what is on the disk then says enough. */
export function readJob(file: string): SwapJob | undefined {
  const read = readBounded(file, MAX_BYTES);
  if (read.kind === "absent") return undefined;
  try {
    if (read.kind === "bytes") {
      const { format: _, ...job } = fields(parseJson(read.bytes, MAX_BYTES), "");
      return job;
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  setAside(file);
  return undefined;
}

export function writeJob(file: string, job: SwapJob): void {
  replaceFile(file, `${JSON.stringify({ format: 1, ...job })}\n`);
}

export function endJob(file: string): void {
  if (existsSync(file)) rmSync(file);
}
