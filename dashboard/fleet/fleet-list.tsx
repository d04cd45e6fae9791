import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Empty } from "../parts/empty.tsx";
import { writeCount } from "../parts/numbers.ts";
import { TroubleLine } from "../parts/reading-view.tsx";
import { chipsOf, type FleetFilter, fleetAddress, isEmpty } from "./fleet-filter.ts";
import { FleetTable } from "./fleet-table.tsx";
import { type List, MOST_SHOWN } from "./use-list.ts";
import type { Selection } from "./use-selection.ts";

interface FleetListProps {
  readonly list: List;
  readonly filter: FleetFilter;
  readonly total: number | undefined;
  readonly selection: Selection;
  readonly body: { current: HTMLTableSectionElement | null };
  readonly now: number;
}

/** The rows that are shown, what waits to be shown, and the way to the rest. */
export function FleetList({ list, filter, total, selection, body, now }: FleetListProps): JSX.Element {
  const { rows, next, starts, news, left, trouble, isSlow, at } = list;
  const end = useRef<HTMLButtonElement>(null);
  const more = useRef(list.more);
  more.current = list.more;
  const mayGrow = next !== undefined && rows.length < MOST_SHOWN;
  useEffect(() => {
    const button = end.current;
    if (button === null || !mayGrow) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && more.current(), {
      rootMargin: "400px",
    });
    watch.observe(button);
    return () => watch.disconnect();
  }, [mayGrow, rows.length]);
  const waiting = news + left.size;
  if (rows.length === 0 && !list.isReading && !list.isOther) return <NoRows filter={filter} />;
  const before = (starts.length - 1) * MOST_SHOWN;
  return (
    <>
      {trouble !== undefined && <TroubleLine trouble={trouble} at={at} again={list.again} />}
      {trouble === undefined && isSlow && <p class="reading">Reading</p>}
      {waiting > 0 && (
        <button class="news" type="button" onClick={list.showNews}>
          {[
            ...(news > 0 ? [`${writeCount(news)} came or moved`] : []),
            ...(left.size > 0 ? [`${writeCount(left.size)} left`] : []),
          ].join(", ")}
          : show
        </button>
      )}
      <div class="card">
        <FleetTable
          rows={rows}
          total={total}
          filter={filter}
          selected={selection.has}
          isAllSelected={rows.every(({ id }) => selection.has(id))}
          left={left}
          now={now}
          body={body}
          onSelect={selection.toggle}
          onSelectAll={selection.toggleAll}
        />
        <div class="rest">
          <span>
            Rows {writeCount(before + 1)} to {writeCount(before + rows.length)}
            {total !== undefined && ` of ${writeCount(total)}`}
          </span>
          {starts.length > 1 && (
            <button class="link" type="button" onClick={list.back}>
              The {writeCount(MOST_SHOWN)} before
            </button>
          )}
          {next !== undefined && (
            <button ref={end} class="link" type="button" onClick={mayGrow ? list.more : list.forward}>
              {mayGrow ? "More" : `The next ${writeCount(MOST_SHOWN)}`}
            </button>
          )}
          <span class="hide-s hints">
            <kbd>j</kbd> <kbd>k</kbd> move, <kbd>x</kbd> select, <kbd>Enter</kbd> open
          </span>
        </div>
      </div>
    </>
  );
}

/** Nothing fits: says what to drop, or how a machine gets here. */
function NoRows({ filter }: { readonly filter: FleetFilter }): JSX.Element {
  if (isEmpty(filter)) {
    return (
      <Empty title="No machine has enrolled yet" command="fairlead tokens create --tenant acme --uses 100">
        Make an enrolment token, and give it to the machines: <code>fairlead-agent enroll</code> takes it.
      </Empty>
    );
  }
  const chips = chipsOf(filter);
  return (
    <Empty title="No machine fits all of this">
      Drop one of them:{" "}
      {chips.map(({ name, value, without }, index) => (
        <span key={`${name} ${value}`}>
          {index > 0 && ", "}
          <a class="link" href={fleetAddress(without)}>
            {name} {value}
          </a>
        </span>
      ))}
    </Empty>
  );
}
