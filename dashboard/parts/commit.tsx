import type { JSX } from "preact";
import { commitPath } from "../shell/routes.ts";

/** A commit by the first seven of its letters; what it did is one press away. */
export function Commit({ id }: { readonly id: string }): JSX.Element {
  return (
    <a class="commit" href={commitPath(id)} title={id}>
      {id.slice(0, 7)}
    </a>
  );
}
