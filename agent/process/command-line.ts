/**
 * Splits `systemctl restart "my unit"` into its words, as a person quotes them. No variables, no globs, no shell: the
 * config keeps the list.
 *
 * @returns `undefined` for an open quote or no word at all
 */
export function splitCommand(text: string): readonly string[] | undefined {
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
  return quote === undefined && words.length > 0 ? words : undefined;
}

/** Fills `{path}` and `{version}` into a configured command. */
export function fillCommand(command: readonly string[], path: string, version: string): readonly string[] {
  return command.map((part) => part.replaceAll("{path}", path).replaceAll("{version}", version));
}
