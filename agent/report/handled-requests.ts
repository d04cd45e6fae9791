import {
  LONGEST_OUTCOME_TEXT,
  MOST_REQUESTS,
  REQUEST_RESULTS,
  type RequestOutcome,
} from "../../protocol/check-in/device-request.ts";
import { randomId } from "../../protocol/check-in/read-fields.ts";
import { printable } from "../../protocol/printable.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { flag, list, object, oneOf, optional, parseJson, text } from "../../protocol/read-json.ts";
import { OwnFile } from "../home/own-file.ts";

const FORMAT = 1;
const MAX_BYTES = 256 * 1024;
/** Requests that are remembered; a controller gives far fewer at a time. The oldest go first. */
const MOST_REMEMBERED = 4 * MOST_REQUESTS;

/** One request that this device took on. */
export interface HandledRequest {
  readonly id: string;
  /** Absent while it is being done, and after a kill. */
  readonly outcome?: Omit<RequestOutcome, "id">;
  /** The outcome is on the controller's disk. */
  readonly acknowledged?: boolean;
}

const readOutcome = object(
  { result: oneOf(...REQUEST_RESULTS), text: text({ max: LONGEST_OUTCOME_TEXT }) },
  "ignore",
);
const readHandled = object(
  {
    format: oneOf(FORMAT),
    requests: list(
      object({ id: randomId, outcome: optional(readOutcome), acknowledged: optional(flag) }, "ignore"),
      MOST_REMEMBERED,
    ),
  },
  "ignore",
);

/**
 * What operators asked of this device and what became of it, on disk. A request is here before it is done, so that none
 * is ever done twice. Whoever changes it holds the lock of check-ins.
 */
export class HandledRequests {
  private readonly file: OwnFile<readonly HandledRequest[]>;
  /** What the disk did not take; newer than what it has. */
  private unwritten: readonly HandledRequest[] | undefined;

  constructor(path: string) {
    this.file = new OwnFile(path, MAX_BYTES, parseHandled);
  }

  /** Oldest first. */
  read(): readonly HandledRequest[] {
    return this.unwritten ?? this.file.read() ?? [];
  }

  /** Outcomes that the controller has not acknowledged. */
  unacknowledged(): readonly RequestOutcome[] {
    return this.read()
      .flatMap(({ id, outcome, acknowledged }) =>
        outcome === undefined || acknowledged === true ? [] : [{ id, ...outcome }],
      )
      .slice(0, MOST_REQUESTS);
  }

  /**
   * Takes a request on, unless it was taken on before: then what became of it is told once more.
   *
   * @returns whether it is to be done now
   * @throws HomeError where it cannot be noted: then it must not be done
   */
  begin(id: string): boolean {
    const before = this.read();
    const known = before.find((request) => request.id === id);
    if (known === undefined) {
      this.write([...before, { id }].slice(-MOST_REMEMBERED));
      return true;
    }
    if (known.acknowledged === true) this.note(replaced(before, { ...known, acknowledged: false }));
    return false;
  }

  /** Keeps what became of a request; in memory where the disk does not take it. */
  settle({ id, result, text: said }: RequestOutcome): void {
    const outcome = { result, text: printable(said).slice(0, LONGEST_OUTCOME_TEXT) };
    this.note(replaced(this.read(), { id, outcome }));
  }

  acknowledge(ids: readonly string[]): void {
    const acknowledged = new Set(ids);
    const before = this.read();
    const isNews = (request: HandledRequest): boolean =>
      acknowledged.has(request.id) && request.outcome !== undefined && request.acknowledged !== true;
    if (!before.some(isNews)) return;
    this.note(before.map((request) => (isNews(request) ? { ...request, acknowledged: true } : request)));
  }

  private note(requests: readonly HandledRequest[]): void {
    try {
      this.write(requests);
    } catch {
      this.unwritten = requests;
    }
  }

  private write(requests: readonly HandledRequest[]): void {
    this.file.write(`${JSON.stringify({ format: FORMAT, requests })}\n`);
    this.unwritten = undefined;
  }
}

function replaced(requests: readonly HandledRequest[], by: HandledRequest): readonly HandledRequest[] {
  return requests.map((request) => (request.id === by.id ? by : request));
}

function parseHandled(bytes: Uint8Array): readonly HandledRequest[] | undefined {
  try {
    return readHandled(parseJson(bytes, MAX_BYTES), "").requests;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
