import { CsvError, type CsvErrorCode, parse } from "csv-parse";

/** Where a row began, and its cells. */
export interface CsvRow {
  /** Counts from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Thrown for text that is no CSV; the reader of the file adds the name. */
export class CsvSyntaxError extends Error {
  /** Where the row that is wrong began; counts from 1. */
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.name = "CsvSyntaxError";
    this.line = line;
  }
}

const REASONS: Partial<Record<CsvErrorCode, string>> = {
  INVALID_OPENING_QUOTE: "a quote in the middle of a cell",
  CSV_INVALID_CLOSING_QUOTE: "text after a closing quote",
  CSV_QUOTE_NOT_CLOSED: "a quote is never closed",
};

/**
 * Splits CSV (RFC 4180: cells may be quoted, `""` is a quote, line ends are LF or CRLF) into rows as the text
 * arrives. Blank lines are skipped.
 *
 * @param maxRow most bytes of one row, so that a quote that nobody closes cannot fill the memory
 * @throws CsvSyntaxError after the rows before the one that is wrong
 */
export async function* csvRows(
  chunks: AsyncIterable<string> | Iterable<string>,
  maxRow: number,
): AsyncGenerator<CsvRow> {
  const rows: CsvRow[] = [];
  let line = 1;
  let given = 0;
  let rowStart = 0;
  const requireShort = (rowEnd: number): void => {
    if (rowEnd - rowStart > maxRow) throw new CsvSyntaxError(line, `a row is longer than ${maxRow} bytes`);
  };
  // The rows are taken in `on_record`: a stream that meets an error drops what nobody has read from it yet.
  const parser = parse({
    record_delimiter: ["\n", "\r\n"],
    relax_column_count: true,
    on_record: (cells, { bytes: rowEnd }) => {
      requireShort(rowEnd);
      rowStart = rowEnd;
      if (cells.length > 1 || cells[0] !== "") rows.push({ line, cells });
      line += 1 + countLineBreaks(cells);
      return null;
    },
  });
  let failure: Error | undefined;
  parser.on("error", (error) => {
    failure = error;
  });
  for await (const chunk of chunks) {
    given += Buffer.byteLength(chunk);
    await new Promise((resolve) => parser.write(chunk, resolve));
    yield* rows.splice(0);
    if (failure !== undefined) throw syntaxError(failure, line);
    // The parser's own limit does not count commas, of which a row could have any number.
    requireShort(given);
  }
  await new Promise((resolve) => parser.end(resolve));
  yield* rows;
  if (failure !== undefined) throw syntaxError(failure, line);
}

function countLineBreaks(cells: readonly string[]): number {
  return cells.reduce((count, cell) => count + cell.split("\n").length - 1, 0);
}

function syntaxError(error: Error, line: number): Error {
  if (!(error instanceof CsvError)) return error;
  return new CsvSyntaxError(line, REASONS[error.code] ?? "this is not CSV");
}
