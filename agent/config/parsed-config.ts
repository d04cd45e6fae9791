import { lstatSync } from "node:fs";
import { sha256Hex } from "../../protocol/digest.ts";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";
import type { AgentHome } from "../home/agent-home.ts";

const MAX_BYTES = 128 * 1024;

/**
 * What the YAML parser made of these bytes at an earlier start, or `undefined`. Loading that parser costs as much as
 * an empty node does, on every start, for a file that changes once a year. Checked like the YAML itself afterwards.
 */
export function readParsedConfig(home: AgentHome, bytes: Uint8Array): unknown {
  try {
    const found = lstatSync(home.parsedConfig);
    // Whoever could write this file could choose the programs that we run.
    if (!found.isFile() || (found.mode & 0o077) !== 0 || found.uid !== process.geteuid?.()) return undefined;
    const read = readBounded(home.parsedConfig, MAX_BYTES);
    const kept: unknown = JSON.parse(read.kind === "bytes" ? read.bytes.toString("utf8") : "");
    if (typeof kept !== "object" || kept === null || !("of" in kept) || !("value" in kept)) return undefined;
    return kept.of === sha256Hex(bytes) ? kept.value : undefined;
  } catch {
    // Absent or damaged: the YAML is there.
    return undefined;
  }
}

/** Keeps it for the next start; where that is not possible, the next start parses again. */
export function keepParsedConfig(home: AgentHome, bytes: Uint8Array, value: unknown): void {
  try {
    replaceFile(home.parsedConfig, `${JSON.stringify({ of: sha256Hex(bytes), value })}\n`, 0o600);
  } catch {
    // A read-only home is no reason not to start.
  }
}
