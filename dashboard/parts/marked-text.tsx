import type { JSX } from "preact";
import { textPieces } from "./text-pieces.ts";

/** A sentence of the API, what is copied in it set as such. */
export function MarkedText({ children }: { readonly children: string }): JSX.Element {
  return (
    <>
      {textPieces(children).map(({ text, isCode }, index) =>
        isCode ? <code key={index}>{text}</code> : <span key={index}>{text}</span>,
      )}
    </>
  );
}
