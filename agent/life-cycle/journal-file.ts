import { renameSync } from "node:fs";
import { isSha256Hex } from "../../protocol/digest.ts";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";
import { IDLE, type InstallPlan, type Journal } from "./journal.ts";

const FORMAT = 1;
const MAX_BYTES = 64 * 1024;

/** Keeps the journal on disk: each write is complete or did not happen. */
export class JournalFile {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * The last entry. A file that cannot be understood is put aside and counts as idle: what is installed is known
   * by its digest, and an agent that stops for ever over its own notes helps nobody.
   */
  read(): Journal {
    const bytes = readBounded(this.path, MAX_BYTES);
    if (bytes === undefined) return IDLE;
    const journal = parseJournal(bytes.toString("utf8"));
    if (journal !== undefined) return journal;
    renameSync(this.path, `${this.path}.damaged`);
    return IDLE;
  }

  write(journal: Journal): void {
    replaceFile(this.path, `${JSON.stringify({ format: FORMAT, ...journal })}\n`);
  }
}

/** One entry, or `undefined` when the text is none. */
export function parseJournal(text: string): Journal | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.format !== FORMAT) return undefined;
  if (value.state === "idle") return IDLE;
  const plan = readPlan(value.plan);
  if (plan === undefined) return undefined;
  switch (value.state) {
    case "downloading":
    case "verified":
    case "staged":
    case "self-tested":
    case "swapped":
    case "confirmed":
      return { state: value.state, plan };
    case "confirming": {
      const { restarts, restarted, attempts, deadline } = value;
      if (!isCount(restarts) || !isCount(attempts) || !isCount(deadline) || typeof restarted !== "boolean") {
        return undefined;
      }
      return { state: "confirming", plan, restarts, restarted, attempts, deadline };
    }
    case "rolling-back":
    case "rolled-back":
      return typeof value.reason === "string"
        ? { state: value.state, plan, reason: value.reason }
        : undefined;
    default:
      return undefined;
  }
}

function readPlan(value: unknown): InstallPlan | undefined {
  if (!isRecord(value) || !isCount(value.startedAt)) return undefined;
  const { kind, from, to } = value;
  if (kind !== "update" && kind !== "rollback") return undefined;
  if (!isBuild(to) || !isCount(to.size)) return undefined;
  if (from !== null && !isBuild(from)) return undefined;
  return {
    kind,
    from: from === null ? null : { version: from.version, sha256: from.sha256 },
    to: { version: to.version, sha256: to.sha256, size: to.size },
    startedAt: value.startedAt,
  };
}

function isBuild(value: unknown): value is { version: string; sha256: string } & Record<string, unknown> {
  return isRecord(value) && typeof value.version === "string" && isSha256Hex(value.sha256);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
