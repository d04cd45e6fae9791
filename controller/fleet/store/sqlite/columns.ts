import type { SQLOutputValue } from "node:sqlite";
import { StoreError } from "../store-error.ts";

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** What the functions below do where a column holds something else than this program ever wrote. */
function damaged(column: string): StoreError {
  return new StoreError("store/damaged", `the fleet's database holds a \`${column}\` that cannot be read`, {
    help: "restore the last backup",
  });
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw damaged(column);
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw damaged(column);
  return value;
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column);
}

/** One of a closed set of words. */
export function word<Word extends string>(row: Row, column: string, words: readonly Word[]): Word {
  const value = row[column];
  const known = words.find((one) => one === value);
  if (known === undefined) throw damaged(column);
  return known;
}

export function wordOrNull<Word extends string>(
  row: Row,
  column: string,
  words: readonly Word[],
): Word | null {
  return row[column] === null ? null : word(row, column, words);
}

/** JSON that this program wrote; its shape is the caller's to say, as the migrations keep it. */
export function json(row: Row, column: string): ReturnType<typeof JSON.parse> {
  try {
    return JSON.parse(text(row, column));
  } catch {
    throw damaged(column);
  }
}

export function jsonOrNull(row: Row, column: string): ReturnType<typeof JSON.parse> {
  return row[column] === null ? null : json(row, column);
}

/** A member where the column holds something, and no member where it holds NULL. */
export function member<Name extends string, Value>(
  name: Name,
  value: Value | null,
): { readonly [K in Name]?: Value } {
  if (value === null) return {};
  const given: { [K in Name]?: Value } = {};
  given[name] = value;
  return given;
}
