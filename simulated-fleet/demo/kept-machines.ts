import { join } from "node:path";
import { readBounded } from "../../agent/files/read-bounded.ts";
import { replaceFile } from "../../agent/files/replace-file.ts";
import { PLACEMENT_FIELDS } from "../../protocol/check-in/read-check-in-answer.ts";
import { name, prose, time, word } from "../../protocol/check-in/read-fields.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { flag, integer, list, object, oneOf, optional, parseJson } from "../../protocol/read-json.ts";
import type { DeviceMemory } from "../simulated-device.ts";

const FORMAT = 1;
const FILE = "machines.json";
const MOST_BYTES = 16 * 1024 * 1024;
const LONGEST_REASON = 1_000;

const readMemory = object(
  {
    version: word,
    previous: optional(word),
    newestConfirmed: optional(word),
    blocked: list(object({ version: word, reason: prose(LONGEST_REASON), until: time }, "ignore"), 100),
    sequence: integer(0),
    placement: optional(object(PLACEMENT_FIELDS, "ignore")),
    hasVanished: flag,
  },
  "ignore",
);
const readKept = object(
  { format: oneOf(FORMAT), product: name, machines: list(readMemory, 100_000) },
  "ignore",
);

/** What machines remember of a product, in their order; none where there is no such file, or it cannot be read. */
export function readMachines(folder: string, product: string): readonly DeviceMemory[] {
  const read = readBounded(join(folder, FILE), MOST_BYTES);
  if (read.kind !== "bytes") return [];
  try {
    const kept = readKept(parseJson(read.bytes, MOST_BYTES), "");
    return kept.product === product ? kept.machines : [];
  } catch (error) {
    if (error instanceof ProtocolError) return [];
    throw error;
  }
}

/** @throws the file system's error */
export function keepMachines(folder: string, product: string, machines: readonly DeviceMemory[]): void {
  replaceFile(join(folder, FILE), `${JSON.stringify({ format: FORMAT, product, machines })}\n`);
}
