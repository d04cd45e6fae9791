import type { ComponentChildren, JSX } from "preact";
import { Button } from "./button.tsx";
import { writeCount } from "./numbers.ts";

interface SelectionBarProps {
  readonly selected: number;
  /** What is selected, in the plural: `machines`. */
  readonly noun: string;
  /** What would happen to how many of them. */
  readonly children: ComponentChildren;
  /** What does it; the count on it is of those to whom it would happen. */
  readonly action: ComponentChildren;
  readonly onClear: () => void;
}

/** Floats at the bottom while something is selected. */
export function SelectionBar({ selected, noun, children, action, onClear }: SelectionBarProps): JSX.Element {
  return (
    <section class="select-bar" aria-label="Selection">
      <span role="status">
        <b>
          {writeCount(selected)} {selected === 1 ? noun.replace(/s$/, "") : noun}
        </b>{" "}
        <span class="q2">{children}</span>
      </span>
      {action}
      <Button onPress={onClear}>Clear</Button>
    </section>
  );
}
