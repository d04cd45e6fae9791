import type { SQLInputValue } from "node:sqlite";
import type { OneOf } from "../fleet-store.ts";

/** A part of a statement, with what its `?` stand for, in order. */
export interface SqlPart {
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}

export function valuesOf<Value extends string>(given: OneOf<Value>): readonly Value[] {
  return typeof given === "string" ? [given] : given;
}

/** That a column holds one of these. */
export function oneOf(column: string, given: OneOf<string>): SqlPart {
  const values = valuesOf(given);
  const [only, ...others] = values;
  return only !== undefined && others.length === 0
    ? { sql: `${column} = ?`, parameters: [only] }
    : { sql: `${column} IN (SELECT value FROM json_each(?))`, parameters: [JSON.stringify(values)] };
}

export function allOf(parts: readonly SqlPart[]): SqlPart {
  const parameters = parts.flatMap((part) => part.parameters);
  return { sql: parts.length === 0 ? "TRUE" : parts.map(({ sql }) => sql).join(" AND "), parameters };
}

export function anyOf(parts: readonly SqlPart[]): SqlPart {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  const parameters = parts.flatMap((part) => part.parameters);
  const alternatives = parts.map(({ sql }) => `(${sql})`).join(" OR ");
  return { sql: parts.length === 0 ? "FALSE" : `(${alternatives})`, parameters };
}
