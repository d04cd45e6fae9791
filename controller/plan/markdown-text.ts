import { printable } from "../../protocol/printable.ts";

/** Characters of one text: a reason is shorter, and what is longer says no more. */
const MOST_CHARACTERS = 300;

const ADDRESS = /https?:\/\/[^\s<>|`"\\]*[^\s<>|`"\\.,;:!?)\]']/g;

/**
 * Text that others wrote, as part of a line of a comment: it becomes no markup, mentions nobody, refers to no issue, and
 * stays on its line. What stands in backquotes is code; addresses are links that show where they lead.
 */
export function markdownText(value: string): string {
  const line = printable(value.replace(/\s+/g, " "), MOST_CHARACTERS);
  return line
    .split(/(`[^`]+`)/)
    .map((piece, i) => (i % 2 === 0 ? linked(piece) : code(piece)))
    .join("");
}

/** @param piece in backquotes. A bar would end the cell of a table, even here */
function code(piece: string): string {
  return piece.includes("|") ? literal(piece) : piece;
}

function linked(piece: string): string {
  let from = 0;
  let text = "";
  for (const { 0: address, index } of piece.matchAll(ADDRESS)) {
    text += `${literal(piece.slice(from, index))}<${address}>`;
    from = index + address.length;
  }
  return text + literal(piece.slice(from));
}

/** Signs before a name or a number with which forges mention people, issues, merge requests, epics, labels, milestones. */
const REFERENCE = /([@#!&~%]|\bGH-)(?=[\w"{])/gi;
const NOTHING = "\u200b";

function literal(piece: string): string {
  return piece.replace(REFERENCE, `$1${NOTHING}`).replace(/[\\*_[\]~&<>|`$]/g, (sign) => {
    switch (sign) {
      case "&":
        return "&amp;";
      case "<":
        return "&lt;";
      case ">":
        return "&gt;";
      case "|":
        return "&#124;";
      case "`":
        return "&#96;";
      // What GitHub's documentation has against mathematics in a line.
      case "$":
        return "<span>$</span>";
      default:
        return `\\${sign}`;
    }
  });
}
