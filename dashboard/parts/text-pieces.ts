import { writeClock } from "./times.ts";

/** A piece of a sentence: `code` stood between backticks, as what is copied does in messages; `time` was written for machines. */
export type TextPiece =
  | { readonly kind: "text" | "code"; readonly text: string }
  /** Seconds since 1970. */
  | { readonly kind: "time"; readonly at: number };

const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/**
 * A sentence of the API in pieces. As many backticks as begin a piece of code end it, so that code may hold others
 * (CommonMark 0.31, 6.1); those without a partner are text.
 */
export function textPieces(sentence: string): TextPiece[] {
  const runs = sentence.split(/(`+)/);
  const pieces: TextPiece[] = [];
  let text = "";
  for (let index = 0; index < runs.length; index++) {
    const run = runs[index] ?? "";
    const end = run.startsWith("`") ? runs.indexOf(run, index + 1) : -1;
    if (end === -1) {
      text += run;
      continue;
    }
    pieces.push(...plainPieces(text), { kind: "code", text: unpadded(runs.slice(index + 1, end).join("")) });
    text = "";
    index = end;
  }
  return [...pieces, ...plainPieces(text)];
}

/** Moments that are written for machines are shown as others are. */
function plainPieces(text: string): TextPiece[] {
  return text.split(INSTANT).flatMap((part, index): TextPiece[] => {
    if (part === "") return [];
    // A number and its unit stay on one line.
    return index % 2 === 1
      ? [{ kind: "time", at: Date.parse(part) / 1_000 }]
      : [{ kind: "text", text: part.replaceAll(/(\d) %/g, "$1\u00a0%") }];
  });
}

/** The same sentence where only text can stand. @param now seconds since 1970 */
export function writeSentence(sentence: string, now: number): string {
  return plainPieces(sentence)
    .map((piece) => (piece.kind === "time" ? writeClock(piece.at, now) : piece.text))
    .join("");
}

/** One space at each end keeps a backtick of the code from those around it. */
function unpadded(code: string): string {
  return /^ .*\S.* $|^ .*`.* $/s.test(code) ? code.slice(1, -1) : code;
}
