import { ProtocolError } from "../../protocol/protocol-error.ts";
import { integer, object, oneOf, optional, parseJson, text } from "../../protocol/read-json.ts";
import { OwnFile } from "../home/own-file.ts";
import { SparedFile } from "../home/spared-file.ts";

const FORMAT = 1;
const MAX_BYTES = 8 * 1024;
const LONGEST_TEXT = 500;
/** Sequence numbers that one write sets aside. */
const BLOCK = 64;

/** Where check-ins of this device stand, as kept between two starts. */
export interface CheckInNotes {
  /** No sequence number above this one has been used. */
  readonly reserved: number;
  /** SHA-256 of the first root of the controller's repository, hexadecimal: what requests name it by. */
  readonly repository?: string;
  /** When the controller last recorded a check-in, in seconds since 1970. */
  readonly recordedAt?: number;
  /** Why the last try came to nothing, also where it was recorded (below the minimum version). */
  readonly trouble?: { readonly at: number; readonly code: string; readonly text: string };
}

const second = integer(0);
const readNotes = object(
  {
    format: oneOf(FORMAT),
    reserved: second,
    repository: optional(text({ max: 64, form: /^[0-9a-f]{64}$/, what: "a SHA-256" })),
    recordedAt: optional(second),
    trouble: optional(
      object({ at: second, code: text({ max: 64 }), text: text({ max: LONGEST_TEXT }) }, "ignore"),
    ),
  },
  "ignore",
);

/** Keeps them on disk. Whoever writes holds the lock of check-ins. */
export class CheckInNotesFile {
  private readonly file: OwnFile<CheckInNotes>;
  private readonly spared: SparedFile;
  /** The numbers that this process set aside and has not used. */
  private next = 1;
  private last = 0;

  constructor(path: string) {
    this.file = new OwnFile(path, MAX_BYTES, parseNotes);
    this.spared = new SparedFile(path, MAX_BYTES);
  }

  /** @throws HomeError */
  read(): CheckInNotes {
    return this.file.read() ?? { reserved: 0 };
  }

  /**
   * A number above all that this device ever used, also after a kill: numbers are set aside on disk before the first of
   * them is used. Where another process of this agent has set some aside since, ours are of the past.
   *
   * @throws HomeError where they cannot be set aside
   */
  nextSequence(): number {
    const notes = this.read();
    if (this.next > this.last || notes.reserved !== this.last) {
      this.next = notes.reserved + 1;
      this.last = notes.reserved + BLOCK;
      this.write({ ...notes, reserved: this.last });
    }
    return this.next++;
  }

  /** @throws HomeError */
  change(change: (notes: CheckInNotes) => CheckInNotes): void {
    const before = this.read();
    const after = change(before);
    if (JSON.stringify(after) !== JSON.stringify(before)) this.write(after);
  }

  private write(notes: CheckInNotes): void {
    try {
      this.spared.reserve();
    } catch {
      // Without room for a spare there may still be room for this.
    }
    this.spared.write(`${JSON.stringify({ format: FORMAT, ...notes })}\n`);
  }
}

/** Text for `trouble` that can be read again. */
export function keptText(text: string): string {
  return text.slice(0, LONGEST_TEXT);
}

function parseNotes(bytes: Uint8Array): CheckInNotes | undefined {
  try {
    const { format: _, ...notes } = readNotes(parseJson(bytes, MAX_BYTES), "");
    return notes;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
