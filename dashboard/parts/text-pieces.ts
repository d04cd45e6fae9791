/** A piece of a sentence; `isCode`: it stood between backticks, as what is copied does in messages. */
export interface TextPiece {
  readonly text: string;
  readonly isCode: boolean;
}

/** A sentence of the API in pieces. A backtick without a partner is text. */
export function textPieces(sentence: string): TextPiece[] {
  const parts = sentence.split("`");
  const last = parts.length - 1;
  // With an odd number of backticks the last opens nothing.
  const isOpen = last % 2 === 1;
  return parts.flatMap((text, index): TextPiece[] => {
    const isCode = index % 2 === 1 && !(isOpen && index === last);
    const written = isOpen && index === last ? `\`${text}` : text;
    return written === "" ? [] : [{ text: written, isCode }];
  });
}
