import { ATTEMPT_STEPS, LONGEST_ATTEMPT_LOG } from "../../protocol/check-in/attempt.ts";
import { sha256Hex } from "../../protocol/digest.ts";
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
import { OwnFile } from "../home/own-file.ts";
import { SparedFile } from "../home/spared-file.ts";
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
  private readonly spared: SparedFile;
  /** What `note` could not write, and the entry on disk that it is newer than. */
  private unwritten: { readonly journal: Journal; readonly after: string } | undefined;

  constructor(path: string) {
    this.file = new OwnFile(path, MAX_BYTES, parseJournal);
    this.spared = new SparedFile(path, SPARE_BYTES);
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
    this.spared.write(`${JSON.stringify({ format: FORMAT, ...journal })}\n`);
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
    this.spared.reserve();
  }

  private remember(journal: Journal): void {
    try {
      this.unwritten = { journal, after: JSON.stringify(this.file.read() ?? IDLE) };
    } catch {
      // A home that can be neither written nor read: what comes next is asked of the machine.
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
const id = text({ max: 32, form: /^[0-9a-f]{32}$/, what: "32 hexadecimal digits" });
const readPlanFields = object(
  {
    kind: oneOf("update", "rollback"),
    from: (value, at) => (value === null ? null : readBuild(value, at)),
    to: readBuild,
    startedAt: count,
    attempt: optional(id),
    request: optional(id),
  },
  "ignore",
);
/** An agent before this one gave attempts no id: then one follows from the plan, the same at each reading. */
const readPlan: Reader<InstallPlan> = (value, at) => {
  const { attempt, ...plan } = readPlanFields(value, at);
  return { ...plan, attempt: attempt ?? sha256Hex(`${plan.startedAt} ${plan.to.id}`).slice(0, 32) };
};
const readVerdict = object(
  { step: oneOf(...ATTEMPT_STEPS), code: word, log: optional(text({ max: LONGEST_ATTEMPT_LOG })) },
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
    since: optional(object({ boot: word, seconds: count }, "ignore")),
    program: optional(object({ boot: word, pid: count, started: word }, "ignore")),
  },
  "ignore",
);
const readFailed = object(
  { plan: readPlan, reason: text({ max: 8192 }), verdict: optional(readVerdict) },
  "ignore",
);

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
