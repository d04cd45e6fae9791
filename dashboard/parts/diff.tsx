import type { JSX } from "preact";
import type { FileDiff } from "../api/types.ts";
import "./diff.css";
import { type DiffLine, linesOf } from "./diff-lines.ts";

/** How a file differs, line by line. */
export function Diff({ path, diff }: FileDiff): JSX.Element {
  return (
    <figure class="diff">
      <figcaption class="mono s">{path}</figcaption>
      {diff === undefined ? (
        <p class="q s">Not shown: it is large, no text, or holds what looks like a secret.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll, and the keyboard has to reach it for that
        <pre tabIndex={0}>
          {linesOf(diff).map(({ kind, text }, index) => (
            <span key={index} class={`line ${kind}`}>
              <span class="sign" aria-hidden="true">
                {SIGNS[kind]}
              </span>
              {SAID[kind] !== undefined && <span class="vh">{SAID[kind]}</span>}
              {text}
              {"\n"}
            </span>
          ))}
        </pre>
      )}
    </figure>
  );
}

const SIGNS: Readonly<Record<DiffLine["kind"], string>> = { added: "+", removed: "−", same: " ", place: " " };
const SAID: Readonly<Partial<Record<DiffLine["kind"], string>>> = { added: "added: ", removed: "removed: " };
