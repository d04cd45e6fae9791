/** Where a row began, and its cells. */
export interface CsvRow {
  /** Counts from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Thrown for text that is no CSV; the reader of the file adds the name. */
export class CsvSyntaxError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.name = "CsvSyntaxError";
    this.line = line;
  }
}

/**
 * Splits CSV (RFC 4180: cells may be quoted, `""` is a quote, line ends are LF or CRLF) into rows as the text
 * arrives. Blank lines are skipped.
 *
 * @param maxRow most characters of one row, so that a quote that nobody closes cannot fill the memory
 * @throws CsvSyntaxError
 */
export async function* csvRows(
  chunks: AsyncIterable<string> | Iterable<string>,
  maxRow: number,
): AsyncGenerator<CsvRow> {
  let cells: string[] = [];
  let cell = "";
  let size = 0;
  let line = 1;
  let startedAt = 1;
  let state: "plain" | "quoted" | "quote-in-quoted" = "plain";
  let wasQuoted = false;

  for await (const chunk of chunks) {
    for (const character of chunk) {
      if (character === "\n") line++;
      if (++size > maxRow) throw new CsvSyntaxError(startedAt, `a row is longer than ${maxRow} characters`);
      if (state === "quoted") {
        if (character === '"') state = "quote-in-quoted";
        else cell += character;
        continue;
      }
      if (state === "quote-in-quoted" && character === '"') {
        cell += character;
        state = "quoted";
        continue;
      }
      switch (character) {
        case ",":
          cells.push(cell);
          cell = "";
          wasQuoted = false;
          state = "plain";
          break;
        case "\r":
          break;
        case "\n":
          if (cells.length > 0 || cell !== "") yield { line: startedAt, cells: [...cells, cell] };
          cells = [];
          cell = "";
          size = 0;
          wasQuoted = false;
          state = "plain";
          startedAt = line;
          break;
        case '"':
          if (cell !== "" || wasQuoted) throw new CsvSyntaxError(line, "a quote in the middle of a cell");
          wasQuoted = true;
          state = "quoted";
          break;
        default:
          if (state === "quote-in-quoted") throw new CsvSyntaxError(line, "text after a closing quote");
          cell += character;
      }
    }
  }
  if (state === "quoted") throw new CsvSyntaxError(startedAt, "a quote is never closed");
  if (cells.length > 0 || cell !== "") yield { line: startedAt, cells: [...cells, cell] };
}
