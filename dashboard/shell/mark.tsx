import type { JSX } from "preact";

/** A rope through a fairlead. */
export function Mark(): JSX.Element {
  return (
    <svg
      class="mark"
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      aria-hidden="true"
    >
      <circle cx="10" cy="10" r="5.2" />
      <path d="M1 17c4 0 5.5-3 9-7s5-7 9-7" stroke-linecap="round" />
    </svg>
  );
}
