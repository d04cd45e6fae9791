import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../parts/dialog.tsx";
import { areLettersOn, turnLetters } from "./use-keys.ts";

const KEYS: readonly { readonly where: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    where: "Everywhere",
    keys: [
      ["/", "Find a machine, a version or a commit"],
      ["g o", "Overview"],
      ["g r", "Rollouts"],
      ["g f", "Fleet"],
      ["g h", "History"],
      ["t", "Light or dark"],
      ["?", "These keys"],
      ["Esc", "Close, or back"],
    ],
  },
  {
    where: "In lists",
    keys: [
      ["j", "Next row"],
      ["k", "Row before"],
      ["Enter", "Open"],
      ["x", "Select"],
      ["Shift+x", "Select up to here"],
      ["f", "Filter"],
      ["u", "Update what is selected (asks)"],
    ],
  },
  { where: "On a machine", keys: [["e", "Explain: why it runs what it runs"]] },
];

export function HelpDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const [isOn, setOn] = useState(areLettersOn());
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div class="in keys">
        {KEYS.map(({ where, keys }) => (
          <section key={where}>
            <h3>{where}</h3>
            <dl>
              {keys.map(([key, what]) => [
                <dt key={key}>
                  {key.split(" ").map((each) => (
                    <kbd key={each}>{each}</kbd>
                  ))}
                </dt>,
                <dd key={`${key} what`}>{what}</dd>,
              ])}
            </dl>
          </section>
        ))}
        <label class="switch">
          <input
            type="checkbox"
            checked={isOn}
            onChange={(event) => {
              turnLetters(event.currentTarget.checked);
              setOn(event.currentTarget.checked);
            }}
          />
          Single letters do something
        </label>
      </div>
    </Dialog>
  );
}
