import type { JSX } from "preact";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { countOf, writeCount } from "../parts/numbers.ts";
import { sentence } from "../parts/reading-view.tsx";
import { type FleetFilter, isEmpty } from "./fleet-filter.ts";
import { doneSentence, selectionSentence } from "./fleet-words.ts";
import { MOST_IDS, type Selection } from "./use-selection.ts";

interface UpdateBarProps {
  readonly selection: Selection;
  readonly filter: FleetFilter;
  readonly total: number | undefined;
  readonly shown: number;
  readonly lack: string | undefined;
}

/** Says what an update would do to how many before it is pressed, and does it. */
export function UpdateBar({ selection, filter, total, shown, lack }: UpdateBarProps): JSX.Element {
  const { verdict, selected, size } = selection;
  const isAllShown = selected.kind === "ids" && size >= Math.min(shown, MOST_IDS);
  const mayTakeAll = isAllShown && total !== undefined && total > size;
  const moving = verdict.kind === "would" || verdict.kind === "doing" ? verdict.answer.moving : 0;
  return (
    <section class="select-bar" aria-label="Selection">
      <span>
        <b>{writeCount(size)} selected</b>
        {mayTakeAll && (
          <button class="link" type="button" onClick={() => selection.takeFilter(total)}>
            all {writeCount(total)}
            {isEmpty(filter) ? "" : " of this filter"}
          </button>
        )}
      </span>
      <span class="says q2 s" role="status">
        {lack === undefined ? saysOf(selection) : lack}
      </span>
      <span class="does">
        {verdict.kind === "did" && verdict.answer.asked > 0 && (
          <Button onPress={selection.cancel}>Cancel these</Button>
        )}
        <Button onPress={selection.clear}>Clear</Button>
        {lack === undefined && (verdict.kind === "would" || verdict.kind === "doing") && (
          <button
            id="update-selection"
            type="button"
            class="button first"
            aria-disabled={moving === 0 || verdict.kind === "doing" ? "true" : undefined}
            onClick={selection.update}
          >
            <Icon name="up" />
            {moving === 0 ? "Nothing to update" : `Update ${writeCount(moving)} now`}
          </button>
        )}
      </span>
    </section>
  );
}

function saysOf({ verdict }: Selection): string {
  switch (verdict.kind) {
    case "none":
    case "asking":
      return "Looking at what would move";
    case "would":
      return selectionSentence(verdict.answer);
    case "doing":
      return "Asking them";
    case "did":
      return doneSentence(verdict.answer);
    case "cancelled":
      return `${countOf(verdict.cancelled, "update")} cancelled; a machine that was told already may do it all the same.`;
    case "failed":
      return [verdict.trouble.message, verdict.trouble.help]
        .flatMap((each) => (each === undefined ? [] : sentence(each)))
        .join(" ");
  }
}
