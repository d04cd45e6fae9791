/** Scripts whose letters take two columns, from CJK radicals to full-width forms, and pictures that do. */
const WIDE = /[\u1100-\u115f\u2e80-\uffdc\u{1f000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const WITHOUT_WIDTH = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** Columns of a terminal that a text takes: at most, where terminals differ. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += WITHOUT_WIDTH.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return width;
}

/**
 * Breaks a text at blanks, and a word that is longer than a line anywhere.
 *
 * @param widthOf how wide a text is, in the unit of `width`
 */
export function wrapText(text: string, width: number, widthOf = textWidth): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const letter of word) {
      if (line !== "" && widthOf(line + letter) > width) {
        lines.push(line);
        line = "";
      }
      line += letter;
    }
  }
  return [...lines, line];
}
