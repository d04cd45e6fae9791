/**
 * Writes `docs/errors.md` from the tables of error codes. `--check` writes nothing and exits with 1 when the page is
 * not what the tables say.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type LocatedErrorTable, readErrorTables } from "./read-error-tables.ts";

const top = join(import.meta.dirname, "..");
const target = join(top, "docs", "errors.md");
const text = page(await readErrorTables(top));

if (process.argv.includes("--check")) {
  if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    console.error("docs/errors.md is not what the tables of codes say: run `npm run generate`");
    process.exitCode = 1;
  }
} else {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

function page(tables: readonly LocatedErrorTable[]): string {
  const sections = tables.map(section).sort((a, b) => (a.domain < b.domain ? -1 : 1));
  return [
    "<!-- Generated from the tables of codes by tools/generate-error-docs.ts. Do not edit. -->\n\n# Errors\n",
    "\nEvery error that Fairlead prints, logs or answers has a code `domain/code`, which never changes its meaning:\n",
    "`error[source/timeout]: ...` on a terminal, `code` in JSON. The message beside it names the file, version or\n",
    "address. What `fairlead validate` finds in state has ids of the same form: see [rules](rules.md).\n",
    "\n**Retry** says what the controller does about it: *waiting* means that it tries again by itself, *stalled* that a\n",
    "person must act first, as is the case wherever nothing is said. **Status** is that of the HTTP answer.\n\n",
    ...sections.map(({ domain }) => `- [${domain}](#${domain})\n`),
    ...sections.map((one) => one.text),
  ].join("");
}

function section({ file, table }: LocatedErrorTable): { readonly domain: string; readonly text: string } {
  const entries = Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1));
  const domain = entries[0]?.[0].split("/")[0] ?? file;
  const lines = entries.map(([code, { cause, remedy, ...facts }]) => {
    const more = Object.entries(facts).map(([name, value]) => ` **${titled(name)}:** ${value}.`);
    return `\n### ${code}\n\n${sentence(cause)}\n\n**Remedy:** ${sentence(remedy)}${more.join("")}\n`;
  });
  return { domain, text: `\n## ${domain}\n\nOf ${programOf(file)}, in \`${file}\`.\n${lines.join("")}` };
}

/** What a table says in lower case and without a full stop, as a sentence. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Who prints the codes of a file. */
function programOf(file: string): string {
  if (file.startsWith("controller/")) return "`fairlead`";
  if (file.startsWith("agent/")) return "`fairlead-agent`";
  return "both programs";
}

/** `againstBinary` as `Against binary`. */
function titled(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
