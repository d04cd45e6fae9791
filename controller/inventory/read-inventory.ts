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
  return (await Array.fromAsync(inventoryBatches(path))).flat();
}

/**
 * The same a batch at a time: what NDJSON and CSV hold is never in memory as a whole.
 *
 * @throws InventoryError
 */
export async function* inventoryBatches(path: string): AsyncGenerator<readonly InventoryRecord[]> {
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
  yield* batchesOfText(text, format, basename(path));
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
  return (await Array.fromAsync(batchesOfText(chunks, format, name))).flat();
}

async function* batchesOfText(
  chunks: AsyncIterable<string> | Iterable<string>,
  format: InventoryFormat,
  name: string,
): AsyncGenerator<readonly InventoryRecord[]> {
  const seen = new SeenRecords();
  for await (const batch of writtenRecords(chunks, format, name)) {
    yield batch.map(({ value, place }) => {
      const record = readRecord(value, place);
      if (!seen.add(record)) {
        throw badRecord(place, `\`${record.device}\` has a record for ${record.product} already`);
      }
      if (seen.size > INVENTORY_LIMITS.records) {
        throw new InventoryError(
          "inventory/too-large",
          `${name} has more than ${INVENTORY_LIMITS.records} records`,
        );
      }
      return record;
    });
  }
}

/** Of which device and product a record was there: all that is kept of each. */
class SeenRecords {
  size = 0;
  private readonly devices = new Map<string, Set<string>>();

  /** @returns whether it is the first */
  add({ device, product }: InventoryRecord): boolean {
    let devices = this.devices.get(product);
    if (devices === undefined) {
      devices = new Set();
      this.devices.set(product, devices);
    }
    if (devices.has(device)) return false;
    devices.add(device);
    this.size++;
    return true;
  }
}

interface Written {
  readonly value: unknown;
  readonly place: string;
}

function writtenRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
  format: InventoryFormat,
  name: string,
): AsyncGenerator<readonly Written[]> {
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
): AsyncGenerator<readonly Written[]> {
  let text = "";
  for await (const chunk of chunks) text += chunk;
  const array = parseJson(text, name);
  if (!Array.isArray(array)) throw badRecord(name, "expected an array of records");
  yield array.map((value: unknown, index) => ({ value, place: `${name}, record ${index + 1}` }));
}

async function* ndjsonRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
  name: string,
): AsyncGenerator<readonly Written[]> {
  let rest = "";
  let line = 0;
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    const batch: Written[] = [];
    try {
      for (const text of lines) {
        line++;
        if (text.trim() !== "") batch.push(written(text, `${name}:${line}`));
      }
    } catch (error) {
      // What is wrong in a line before this one is told first.
      if (batch.length > 0) yield batch;
      throw error;
    }
    if (batch.length > 0) yield batch;
    requireLine(rest, `${name}:${line + 1}`);
  }
  if (rest.trim() !== "") yield [written(rest, `${name}:${line + 1}`)];
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

/** Rows that are handed on together. */
const CSV_BATCH = 1000;

async function* csvRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
  name: string,
): AsyncGenerator<readonly Written[]> {
  let batch: Written[] = [];
  let header: readonly CsvColumn[] | undefined;
  try {
    for await (const { line, cells } of csvRows(chunks, INVENTORY_LIMITS.line)) {
      const place = `${name}:${line}`;
      if (header === undefined) {
        header = readHeader(cells, place);
      } else if (cells.length !== header.length) {
        throw badRecord(place, `expected ${header.length} cells, got ${cells.length}`);
      } else {
        batch.push({ value: csvValue(header, cells), place });
      }
      if (batch.length >= CSV_BATCH) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  } catch (error) {
    if (batch.length > 0) yield batch;
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
