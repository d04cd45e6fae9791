import type { ComponentChildren, JSX } from "preact";
import { CommandLine } from "./copy.tsx";

interface EmptyProps {
  /** What there is none of. */
  readonly title: string;
  /** What to do about it. */
  readonly children?: ComponentChildren;
  /** How to do it on a command line. */
  readonly command?: string;
}

/** Nothing is there: says what to do, never just that. */
export function Empty({ title, children, command }: EmptyProps): JSX.Element {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {command !== undefined && <CommandLine>{command}</CommandLine>}
    </div>
  );
}
