import { ConfigError } from "../config/config-error.ts";

/**
 * Splits `systemctl restart "my unit"` into its words, as a person quotes them. No variables, no globs, no shell: the
 * config keeps the list.
 *
 * @throws ConfigError `bad-config` for an open quote or no word at all
 */
export function splitCommand(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (const character of text) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? "") + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (word !== undefined) words.push(word);
  if (quote !== undefined || words.length === 0) {
    throw new ConfigError("bad-config", `\`${text}\` is not a command`, {
      help: "give the program and its arguments in one text, with every quote closed",
    });
  }
  return words;
}
