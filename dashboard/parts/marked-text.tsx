import type { JSX } from "preact";
import { textPieces } from "./text-pieces.ts";
import { Time } from "./time.tsx";

/** A sentence of the API: what is copied in it is set as such, and moments are written as everywhere. */
export function MarkedText({ children }: { readonly children: string }): JSX.Element {
  return (
    <>
      {textPieces(children).map((piece, index) => {
        switch (piece.kind) {
          case "code":
            return <code key={index}>{piece.text}</code>;
          case "time":
            return <Time key={index} at={piece.at} as="clock" />;
          case "text":
            return <span key={index}>{piece.text}</span>;
        }
      })}
    </>
  );
}
