import type { JSX } from "preact";
import { nameOf } from "./people.ts";

/** Who made a commit: the name, with the mail address on hover. */
export function Author({ of }: { readonly of: string }): JSX.Element {
  return (
    <span class="author" title={of}>
      {nameOf(of)}
    </span>
  );
}
