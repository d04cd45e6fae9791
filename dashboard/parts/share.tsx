import type { JSX } from "preact";
import { writeCount, writeShare } from "./numbers.ts";

interface PartOfProps {
  readonly part: number;
  readonly of: number;
}

/** A number beside its partner: `943 of 11,640`. */
export function PartOf({ part, of }: PartOfProps): JSX.Element {
  return (
    <span class="nowrap">
      {writeCount(part)} <span class="q">of {writeCount(of)}</span>
    </span>
  );
}

/** The same as a share, with the numbers on hover: `8.1 %`. */
export function Share({ part, of }: PartOfProps): JSX.Element {
  return (
    <span class="nowrap" title={`${writeCount(part)} of ${writeCount(of)}`}>
      {writeShare(part, of)}
    </span>
  );
}
