import type { JSX } from "preact";
import { type TextPiece, textPieces } from "./text-pieces.ts";
import { Time } from "./time.tsx";

/** A sentence of the API: what is copied in it is set as such, and moments are written as everywhere. */
export function MarkedText({ children }: { readonly children: string }): JSX.Element {
  return (
    <>
      {textPieces(children).map((piece, index) => (
        <Piece key={index} of={piece} />
      ))}
    </>
  );
}

function Piece({ of }: { readonly of: TextPiece }): JSX.Element {
  switch (of.kind) {
    case "code":
      return <code>{of.text}</code>;
    case "time":
      return <Time at={of.at} as="clock" />;
    case "text":
      return <span>{of.text}</span>;
  }
}
