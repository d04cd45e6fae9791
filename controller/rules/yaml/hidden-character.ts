import type { ReadingRule } from "../rule.ts";

export const yamlHiddenCharacter: ReadingRule = {
  id: "yaml/hidden-character",
  severity: "error",
  summary: "an escape puts a character into a text that nobody sees",
  explanation:
    "An escape such as `\\e` or `\\u202e` in double quotes makes a text that clears a terminal, hides a part of a line or turns its direction, wherever the reason or note is shown later. Half of a surrogate pair (`\\ud800`) is no character at all, and nothing can be signed that holds one.",
  failing: { files: { "tenants/acme.yaml": 'channel: stable\npaused: {reason: "all is well \\e[2J"}\n' } },
  passing: { files: { "tenants/acme.yaml": 'channel: stable\npaused: {reason: "all is well"}\n' } },
  foundBy: "reading",
};
