import { renameSync } from "node:fs";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { flag, integer, object, oneOf, parseJson, type Reader, text } from "../../protocol/read-json.ts";
import { readBuild } from "../build.ts";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";
import { IDLE, type InstallPlan, type Journal } from "./journal.ts";

/** Format 1 called the id of a build its sha256; it is still read. */
const FORMAT = 2;
const MAX_BYTES = 64 * 1024;

/** Keeps the journal on disk: each write is complete or did not happen. */
export class JournalFile {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * The last entry. A file that cannot be understood is put aside and counts as idle: what is installed is known to
   * its format, and an agent that stops for ever over its own notes helps nobody.
   */
  read(): Journal {
    const bytes = readBounded(this.path, MAX_BYTES);
    if (bytes === undefined) return IDLE;
    const journal = parseJournal(bytes);
    if (journal !== undefined) return journal;
    renameSync(this.path, `${this.path}.damaged`);
    return IDLE;
  }

  write(journal: Journal): void {
    replaceFile(this.path, `${JSON.stringify({ format: FORMAT, ...journal })}\n`);
  }
}

/** One entry, or `undefined` when the bytes are none. */
export function parseJournal(bytes: Uint8Array): Journal | undefined {
  try {
    return readJournal(parseJson(bytes, MAX_BYTES), "");
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

const count = integer(0);
const readState = object(
  {
    format: oneOf(1, FORMAT),
    state: oneOf(
      "idle",
      "downloading",
      "verified",
      "staged",
      "self-tested",
      "swapped",
      "confirming",
      "confirmed",
      "rolling-back",
      "rolled-back",
    ),
  },
  "ignore",
);
const readPlan: Reader<InstallPlan> = object(
  {
    kind: oneOf("update", "rollback"),
    from: (value, at) => (value === null ? null : readBuild(value, at)),
    to: readBuild,
    startedAt: count,
  },
  "ignore",
);
const readPlanned = object({ plan: readPlan }, "ignore");
const readConfirming = object(
  { plan: readPlan, restarts: count, restarted: flag, attempts: count, deadline: count },
  "ignore",
);
const readFailed = object({ plan: readPlan, reason: text({ max: 8192 }) }, "ignore");

const readJournal: Reader<Journal> = (value, at) => {
  const { state } = readState(value, at);
  switch (state) {
    case "idle":
      return IDLE;
    case "downloading":
    case "verified":
    case "staged":
    case "self-tested":
    case "swapped":
    case "confirmed":
      return { state, ...readPlanned(value, at) };
    case "confirming":
      return { state, ...readConfirming(value, at) };
    case "rolling-back":
    case "rolled-back":
      return { state, ...readFailed(value, at) };
  }
};
