import { ProtocolError } from "../../protocol/protocol-error.ts";
import {
  flag,
  integer,
  object,
  oneOf,
  optional,
  parseJson,
  type Reader,
  text,
} from "../../protocol/read-json.ts";
import { replaceFromSpare } from "../files/replace-file.ts";
import { OwnFile, readHomeFile, writeHomeFile } from "../home/own-file.ts";
import { readBuild } from "../installation/build.ts";
import { IDLE, type InstallPlan, type Journal } from "./journal.ts";

/** Format 1 called the id of a build its sha256; it is still read. */
const FORMAT = 2;
const MAX_BYTES = 64 * 1024;

/** Room for the longest entry that is ever written. */
const SPARE_BYTES = 16 * 1024;

/** Keeps the journal on disk: each write is complete or did not happen. */
export class JournalFile {
  private readonly file: OwnFile<Journal>;
  private readonly spare: string;
  /** What `note` could not write, and the entry on disk that it is newer than. */
  private unwritten: { readonly journal: Journal; readonly after: string } | undefined;

  constructor(path: string) {
    this.file = new OwnFile(path, MAX_BYTES, parseJournal);
    this.spare = `${path}.spare`;
  }

  /**
   * The last entry. One that is damaged counts as idle: what is installed is known to its format.
   *
   * @throws HomeError
   */
  read(): Journal {
    const found = this.file.read() ?? IDLE;
    // Another process may have gone on from what is on disk; then what this one remembers is of the past.
    return this.unwritten?.after === JSON.stringify(found) ? this.unwritten.journal : found;
  }

  /** @throws HomeError; the entry before is then still there */
  write(journal: Journal): void {
    const text = `${JSON.stringify({ format: FORMAT, ...journal })}\n`;
    try {
      this.file.write(text);
    } catch (error) {
      this.writeToSpare(text, error);
    }
    this.unwritten = undefined;
  }

  /**
   * Writes an entry if it can be, else remembers it while this process lives: for what is done anyway, because not
   * doing it would be worse than not noting it.
   */
  note(journal: Journal): void {
    try {
      this.write(journal);
    } catch {
      this.remember(journal);
    }
  }

  /**
   * Sets space aside for entries to come, so that a version which fills the disk can still be noted as failed.
   *
   * @throws HomeError where there is none: then nothing should be begun
   */
  reserve(): void {
    const found = readHomeFile(this.spare, SPARE_BYTES);
    if (found.kind === "bytes" && found.bytes.length === SPARE_BYTES) return;
    writeHomeFile(this.spare, " ".repeat(SPARE_BYTES));
  }

  private remember(journal: Journal): void {
    try {
      this.unwritten = { journal, after: JSON.stringify(this.file.read() ?? IDLE) };
    } catch {
      // A home that can be neither written nor read: what comes next is asked of the machine.
    }
  }

  private writeToSpare(text: string, refusal: unknown): void {
    try {
      replaceFromSpare(this.file.path, text, this.spare);
    } catch {
      throw refusal;
    }
    try {
      this.reserve();
    } catch {
      // What the replaced entry took is not always enough for the next one.
    }
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
const word = text({ max: 64 });
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
      "not-restored",
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
  {
    plan: readPlan,
    restarts: count,
    restarted: flag,
    attempts: count,
    deadline: count,
    program: optional(object({ boot: word, pid: count, started: word }, "ignore")),
  },
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
    case "not-restored":
      return { state, ...readFailed(value, at) };
  }
};
