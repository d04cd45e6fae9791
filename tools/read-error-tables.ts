import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ErrorTable } from "../protocol/domain-error.ts";

/** Every code that a program can print, with the file that defines it. */
export interface LocatedErrorTable {
  /** Relative to the top of the repository, with `/`. */
  readonly file: string;
  readonly table: ErrorTable<Readonly<Record<string, unknown>>>;
}

/**
 * Every exported table `*_ERRORS` of the files named `*-error`, sorted by file.
 *
 * @param top of the repository, absolute
 * @throws Error when something of that name is not a table of errors
 */
export async function readErrorTables(top: string): Promise<readonly LocatedErrorTable[]> {
  const files = globSync(["{protocol,controller,agent}/**/*-error.ts", "bin/*-error.js"], { cwd: top })
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
  const tables: LocatedErrorTable[] = [];
  for (const file of files) {
    const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(join(top, file)).href);
    for (const [name, table] of Object.entries(module)) {
      if (!name.endsWith("_ERRORS")) continue;
      if (!isErrorTable(table)) throw new Error(`${file}: \`${name}\` is not an ErrorTable`);
      tables.push({ file, table });
    }
  }
  return tables;
}

function isErrorTable(value: unknown): value is LocatedErrorTable["table"] {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).every(([code, entry]) => code.includes("/") && isEntry(entry));
}

function isEntry(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (
    "cause" in value &&
    typeof value.cause === "string" &&
    "remedy" in value &&
    typeof value.remedy === "string"
  );
}
