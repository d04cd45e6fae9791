import type { JSX } from "preact";
import { Fragment } from "preact";

/** A message of the controller: what stands between backquotes is a name, a value or a command. */
export function Words({ children }: { readonly children: string }): JSX.Element {
  const parts = children.split("`");
  // A single one is no pair.
  if (parts.length % 2 === 0) return <>{children}</>;
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 1 ? <code key={index}>{part}</code> : <Fragment key={index}>{part}</Fragment>,
      )}
    </>
  );
}
