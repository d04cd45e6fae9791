import { badRecord, FACT_FIELDS, RECORD_FIELDS } from "./inventory-record.ts";

/** What a column of a CSV inventory is for. */
export interface CsvColumn {
  /** The field of the record, or its member: `site`, `facts.glibc`, `labels.ring`. */
  readonly field: string;
  readonly member?: string;
  readonly read: (cell: string) => unknown;
}

/**
 * @param place the file and line, for the message
 * @throws InventoryError `inventory/bad-record`: no column of an inventory is called so
 */
export function requireColumn(name: string, place: string): CsvColumn {
  const column = columnNamed(name);
  if (column === undefined) throw badRecord(place, `\`${name}\` is not a field of a record`);
  return column;
}

function columnNamed(name: string): CsvColumn | undefined {
  const [, field, member] = /^(facts|labels)\.(.+)$/.exec(name) ?? [];
  if (field === undefined || member === undefined) {
    const isPlain = RECORD_FIELDS.includes(name) && name !== "facts" && name !== "labels";
    return isPlain ? { field: name, read: name === "autoUpdate" ? readFlag : (cell) => cell } : undefined;
  }
  if (field === "facts" && !FACT_FIELDS.includes(member)) return undefined;
  return { field, member, read: field === "facts" ? factReader(member) : (cell) => cell };
}

/** What is neither word stays as it is, and the schema says so. */
function readFlag(cell: string): unknown {
  return cell === "true" ? true : cell === "false" ? false : cell;
}

function factReader(name: string): CsvColumn["read"] {
  switch (name) {
    case "cpu":
      return (cell) => cell.trim().split(/\s+/);
    case "memory":
    case "disk":
      // What is no number stays as it is, and the schema says so.
      return (cell) => (/^[0-9]{1,16}$/.test(cell) ? Number(cell) : cell);
    default:
      return (cell) => cell;
  }
}

/** One row as the record that a JSON inventory would hold; empty cells are absent. */
export function csvValue(columns: readonly CsvColumn[], cells: readonly string[]): object {
  const fields: [string, unknown][] = [];
  const members: Record<string, [string, unknown][]> = {};
  for (const [index, cell] of cells.entries()) {
    const column = columns[index];
    if (column === undefined || cell === "") continue;
    const { field, member, read } = column;
    if (member === undefined) {
      fields.push([field, read(cell)]);
    } else {
      members[field] ??= [];
      members[field].push([member, read(cell)]);
    }
  }
  for (const [field, found] of Object.entries(members)) fields.push([field, Object.fromEntries(found)]);
  return Object.fromEntries(fields);
}
