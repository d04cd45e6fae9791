/**
 * Writes `docs/rules.md` from the rules. `--check` writes nothing and exits with 1 when the page is not what the rules
 * say.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { exampleText } from "../controller/rules/explain-rule.ts";
import type { Rule } from "../controller/rules/rule.ts";
import { RULES } from "../controller/rules/rules.ts";

const target = join(import.meta.dirname, "..", "docs", "rules.md");
const text = page(RULES);

if (process.argv.includes("--check")) {
  if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    console.error("docs/rules.md is not what the rules say: run `node tools/generate-rule-docs.ts`");
    process.exitCode = 1;
  }
} else {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

function page(rules: readonly Rule[]): string {
  return [
    "<!-- Generated from controller/rules by tools/generate-rule-docs.ts. Do not edit. -->\n\n# Rules\n",
    "\nWhat `fairlead validate` checks. Errors refuse a commit, warnings do not (`--max-warnings` makes them). A warning\n",
    "that somebody answers for is [acknowledged](state.md#acknowledge) in the file that it is about, until a date. The\n",
    "examples are run as tests; what is not shown of them is a small state without a mistake. `fairlead rules <id>`\n",
    "shows the same on a terminal.\n\n| rule | severity | what is wrong |\n|---|---|---|\n",
    ...rules.map(
      ({ id, severity, summary }) => `| [\`${id}\`](#${anchor(id)}) | ${severity} | ${summary} |\n`,
    ),
    ...rules.map(section),
  ].join("");
}

function section(rule: Rule): string {
  return [
    `\n## ${rule.id}\n\n${rule.severity}: ${rule.summary}\n\n${rule.explanation}\n`,
    `\nRefused:\n\n\`\`\`yaml\n${exampleText(rule.failing)}\`\`\`\n`,
    `\nAccepted:\n\n\`\`\`yaml\n${exampleText(rule.passing)}\`\`\`\n`,
  ].join("");
}

/** The anchor that GitHub and GitLab give to a heading: lower case, without slashes. */
function anchor(id: string): string {
  return id.replaceAll("/", "");
}
