import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { type CsvColumn, csvValue, requireColumn } from "./csv-columns.ts";
import { CsvSyntaxError, csvRows } from "./csv-rows.ts";
import { InventoryError } from "./inventory-error.ts";
import { badRecord, type InventoryRecord, readRecord } from "./inventory-record.ts";

export type InventoryFormat = "json" | "ndjson" | "csv";

/** Bounds of one inventory. Only JSON is held as a whole. */
const INVENTORY_LIMITS = {
  jsonBytes: 256 * 1024 * 1024,
  /** Characters of a line of NDJSON, bytes of a row of CSV. */
  line: 16 * 1024,
  records: 1_000_000,
} as const;

const FORMAT_OF: Readonly<Record<string, InventoryFormat>> = {
  ".json": "json",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".csv": "csv",
};

/**
 * Reads an inventory; the format follows from the file's extension.
 *
 * @throws InventoryError
 */
export async function readInventory(path: string): Promise<InventoryRecord[]> {
  const extension = extname(path).toLowerCase();
  const format = Object.hasOwn(FORMAT_OF, extension) ? FORMAT_OF[extension] : undefined;
  if (format === undefined) {
    throw new InventoryError("inventory/unknown-format", `\`${path}\` is neither .json, .ndjson nor .csv`, {
      help: "give the file the extension of its format",
    });
  }
  const file = await stat(path).catch(() => undefined);
  if (file?.isFile() !== true) {
    throw new InventoryError("inventory/not-found", `there is no inventory at \`${path}\``);
  }
  if (format === "json" && file.size > INVENTORY_LIMITS.jsonBytes) {
    throw new InventoryError("inventory/too-large", `\`${path}\` has ${file.size} bytes`, {
      help: `write it as NDJSON, which is read in pieces, or keep it under ${INVENTORY_LIMITS.jsonBytes} bytes`,
    });
  }
  const text = createReadStream(path, { encoding: "utf8", highWaterMark: 256 * 1024 });
  return readInventoryText(text, format, basename(path));
}

/**
 * @param name how messages call the text
 * @throws InventoryError `inventory/bad-record`, `inventory/too-large`
 */
export async function readInventoryText(
  chunks: AsyncIterable<string> | Iterable<string>,
  format: InventoryFormat,
  name: string,
): Promise<InventoryRecord[]> {
  const records: InventoryRecord[] = [];
  const seen = new Set<string>();
  for await (const { value, place } of writtenRecords(chunks, format, name)) {
    const record = readRecord(value, place);
    const key = `${record.device}\0${record.product}`;
    if (seen.has(key))
      throw badRecord(place, `\`${record.device}\` has a record for ${record.product} already`);
    seen.add(key);
    records.push(record);
    if (records.length > INVENTORY_LIMITS.records) {
      throw new InventoryError(
        "inventory/too-large",
        `${name} has more than ${INVENTORY_LIMITS.records} records`,
      );
    }
  }
  return records;
}

interface Written {
  readonly value: unknown;
  readonly place: string;
}

function writtenRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
  format: InventoryFormat,
  name: string,
): AsyncGenerator<Written> {
  switch (format) {
    case "json":
      return jsonRecords(chunks, name);
    case "ndjson":
      return ndjsonRecords(chunks, name);
    case "csv":
      return csvRecords(chunks, name);
  }
}

async function* jsonRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
  name: string,
): AsyncGenerator<Written> {
  let text = "";
  for await (const chunk of chunks) text += chunk;
  const array = parseJson(text, name);
  if (!Array.isArray(array)) throw badRecord(name, "expected an array of records");
  for (const [index, value] of array.entries()) yield { value, place: `${name}, record ${index + 1}` };
}

async function* ndjsonRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
  name: string,
): AsyncGenerator<Written> {
  let rest = "";
  let line = 0;
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      line++;
      if (text.trim() !== "") yield written(text, `${name}:${line}`);
    }
    requireLine(rest, `${name}:${line + 1}`);
  }
  if (rest.trim() !== "") yield written(rest, `${name}:${line + 1}`);
}

function written(text: string, place: string): Written {
  requireLine(text, place);
  return { value: parseJson(text, place), place };
}

function requireLine(text: string, place: string): void {
  if (text.length > INVENTORY_LIMITS.line) {
    throw new InventoryError(
      "inventory/too-large",
      `${place}: longer than ${INVENTORY_LIMITS.line} characters`,
    );
  }
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    throw badRecord(place, "this is not JSON");
  }
}

async function* csvRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
  name: string,
): AsyncGenerator<Written> {
  let header: readonly CsvColumn[] | undefined;
  try {
    for await (const { line, cells } of csvRows(chunks, INVENTORY_LIMITS.line)) {
      const place = `${name}:${line}`;
      if (header === undefined) {
        header = readHeader(cells, place);
      } else if (cells.length !== header.length) {
        throw badRecord(place, `expected ${header.length} cells, got ${cells.length}`);
      } else {
        yield { value: csvValue(header, cells), place };
      }
    }
  } catch (error) {
    if (error instanceof CsvSyntaxError) throw badRecord(`${name}:${error.line}`, error.message);
    throw error;
  }
}

function readHeader(cells: readonly string[], place: string): readonly CsvColumn[] {
  const header = cells.map((cell) => cell.replace(/^\ufeff/, "").trim());
  return header.map((field, index) => {
    const column = requireColumn(field, place);
    if (header.indexOf(field) !== index) throw badRecord(place, `the column \`${field}\` is there twice`);
    return column;
  });
}
