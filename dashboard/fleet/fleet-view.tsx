import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/api-error.ts";
import { useLack, useSession } from "../api/session.ts";
import type { DeviceFacets } from "../api/types.ts";
import { useRead } from "../api/use-read.ts";
import { Button } from "../parts/button.tsx";
import { Copy } from "../parts/copy.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";
import { Icon } from "../parts/icon.tsx";
import { countOf, writeCount } from "../parts/numbers.ts";
import { sentence, TroubleLine } from "../parts/reading-view.tsx";
import { useNow } from "../parts/time.tsx";
import { leadBack } from "../shell/lead-back.ts";
import { useQuery } from "../shell/navigation.ts";
import { useKeys } from "../shell/use-keys.ts";
import { FacetList } from "./facet-list.tsx";
import {
  chipsOf,
  type FleetFilter,
  filterQuery,
  filterWithoutSort,
  fleetAddress,
  isEmpty,
  readFilter,
  searched,
  writeFilter,
} from "./fleet-filter.ts";
import { FleetTable } from "./fleet-table.tsx";
import { doneSentence, headline, inState, selectionSentence, summary } from "./fleet-words.ts";
import { type List, MOST_SHOWN, useList } from "./use-list.ts";
import { MOST_IDS, type Selection, useSelection } from "./use-selection.ts";
import "./fleet.css";

/** Which machines there are: found, narrowed down and asked to update. */
export function FleetView(): JSX.Element {
  const [query] = useQuery();
  const filter = readFilter(query);
  const body = useRef<HTMLTableSectionElement>(null);
  const [isFiltering, setFiltering] = useState(false);
  const lack = useLack("operator");
  const now = useNow();
  const isAtList = (): boolean => body.current?.contains(document.activeElement) === true;
  const selectionSize = useRef(0);
  const list = useList(filter, () => isAtList() || selectionSize.current > 0);
  const facets = useRead("/api/v1/agents/facets", {
    query: filterQuery(filter),
    on: ["device", "attempt", "request"],
    alsoByTime: true,
  });
  const all = useRead("/api/v1/agents/facets", { on: ["device"], when: !isEmpty(filter) });
  const rows = list === undefined || list instanceof ApiError ? [] : list.rows;
  const selection = useSelection(
    filter,
    rows.map(({ id }) => id),
    lack === undefined,
  );
  selectionSize.current = selection.size;
  useListKeys(body, selection, () => setFiltering(true));

  usePlace(writeFilter(filter).toString(), rows.length > 0, body);

  const counted = facets.kind === "shown" ? facets.value : undefined;
  const fleet = isEmpty(filter) ? undefined : all.kind === "shown" ? all.value.total : undefined;
  const title = counted === undefined ? "Fleet" : headline(counted, fleet, !isEmpty(filter));
  return (
    <>
      <Head
        title={title}
        tab={tabOf(filter, title)}
        {...(counted === undefined ? {} : { facts: factsOf(counted, filter.lists.state) })}
      >
        {counted === undefined ? undefined : summary(counted, filter.lists.state)}
      </Head>
      <Filters filter={filter} onAdd={() => setFiltering(true)} />
      {list instanceof ApiError && <TroubleLine trouble={list} again={() => location.reload()} />}
      <div class="fleet" aria-busy={list === undefined || facets.kind === "awaited"}>
        <aside class="facets" aria-label="Narrow it down">
          {counted !== undefined && <FacetList facets={counted} filter={filter} />}
        </aside>
        <div class={facets.kind === "shown" && facets.isOther ? "is-other" : undefined}>
          {list !== undefined && !(list instanceof ApiError) && (
            <Rows
              list={list}
              filter={filter}
              total={counted?.total}
              selection={selection}
              body={body}
              now={now}
            />
          )}
          {selection.size > 0 && (
            <UpdateBar
              selection={selection}
              filter={filter}
              total={counted?.total}
              lack={lack}
              shown={rows.length}
            />
          )}
        </div>
      </div>
      {isFiltering && counted !== undefined && (
        <Dialog title="Filter" onClose={() => setFiltering(false)}>
          <div class="in facets-dialog">
            <FacetList facets={counted} filter={filter} />
          </div>
        </Dialog>
      )}
    </>
  );
}

function tabOf(filter: FleetFilter, title: string): string {
  const chips = chipsOf(filter).map(({ value }) => value);
  return chips.length === 0 ? `${title} · Fleet` : `${title}: ${chips.slice(0, 3).join(", ")}`;
}

function factsOf(facets: DeviceFacets, asked: readonly string[] | undefined) {
  const count = (...states: Parameters<typeof inState>[2]): string =>
    writeCount(inState(facets, asked, states));
  return [
    { name: "need a person", value: count("refused", "cloned", "silent") },
    { name: "failed", value: count("failed") },
    { name: "updating now", value: count("updating") },
  ];
}

/** What is asked for: a field, a chip for each value, and the address as others can open it. */
function Filters({
  filter,
  onAdd,
}: {
  readonly filter: FleetFilter;
  readonly onAdd: () => void;
}): JSX.Element {
  const [, setQuery] = useQuery();
  const [text, setText] = useState(filter.search ?? "");
  const typed = useRef(filter.search ?? "");
  useEffect(() => {
    // Back, forward or a chip: what stands in the field follows the address.
    if ((filter.search ?? "") !== typed.current) {
      typed.current = filter.search ?? "";
      setText(filter.search ?? "");
    }
  }, [filter.search]);
  const latest = useRef(filter);
  latest.current = filter;
  useEffect(() => {
    if (text.trim() === (latest.current.search ?? "")) return;
    const timer = setTimeout(() => {
      typed.current = text.trim();
      setQuery(writeFilter(searched(latest.current, text)), "replace");
    }, 200);
    return () => clearTimeout(timer);
  }, [text]);
  const chips = chipsOf(filter).filter(({ name }) => name !== "search");
  return (
    <search class="filters" aria-label="Filters">
      <label class="fleet-find">
        <Icon name="find" />
        <span class="vh">Id, tenant, site or label</span>
        <input
          id="fleet-search"
          type="search"
          placeholder="Id, tenant, site or label"
          autocomplete="off"
          spellcheck={false}
          maxLength={100}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
      </label>
      {chips.map(({ name, value, without }) => (
        <span class="chip" key={`${name} ${value}`}>
          <span>{name}</span>
          <b>{value}</b>
          <a href={fleetAddress(without)} aria-label={`Remove filter ${name} ${value}`}>
            <Icon name="close" />
          </a>
        </span>
      ))}
      <button class="chip add" type="button" onClick={onAdd}>
        <Icon name="plus" />
        Filter
      </button>
      {!isEmpty(filter) && (
        <a class="link s" href="/fleet">
          Clear
        </a>
      )}
      <span class="end q s hide-s">
        <CsvLink filter={filter} />
        <Copy text={commandOf(filter)} what="the same as a command" />
      </span>
    </search>
  );
}

/** The whole list as a file. What needs a token is no link that a browser follows by itself. */
function CsvLink({ filter }: { readonly filter: FleetFilter }): JSX.Element {
  const { client } = useSession();
  const [state, setState] = useState<"" | "reading" | "failed">("");
  const take = async (): Promise<void> => {
    setState("reading");
    try {
      const response = await fetch(`/api/v1/agents.csv?${writeFilter(filterWithoutSort(filter))}`, {
        headers: client.headers(),
      });
      if (!response.ok) throw new Error(`the list is answered ${response.status}`);
      const url = URL.createObjectURL(await response.blob());
      const link = document.createElement("a");
      link.href = url;
      link.download = "agents.csv";
      link.click();
      URL.revokeObjectURL(url);
      setState("");
    } catch {
      setState("failed");
    }
  };
  return (
    <button class="link" type="button" onClick={() => void take()}>
      {state === "reading" ? "Reading" : state === "failed" ? "CSV failed: try again" : "CSV"}
    </button>
  );
}

/** The same list on a command line. */
function commandOf(filter: FleetFilter): string {
  const words = ["fairlead agents list"];
  for (const [name, value] of writeFilter(filter)) {
    const option = name === "version" ? "runs" : name;
    words.push(`--${option} ${/^[\w./-]+$/.test(value) && !value.startsWith("-") ? value : `'${value}'`}`);
  }
  return words.join(" ");
}

interface RowsProps {
  readonly list: List;
  readonly filter: FleetFilter;
  readonly total: number | undefined;
  readonly selection: Selection;
  readonly body: { current: HTMLTableSectionElement | null };
  readonly now: number;
}

function Rows({ list, filter, total, selection, body, now }: RowsProps): JSX.Element {
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

interface UpdateBarProps {
  readonly selection: Selection;
  readonly filter: FleetFilter;
  readonly total: number | undefined;
  readonly shown: number;
  readonly lack: string | undefined;
}

/** Says what an update would do to how many before it is pressed, and does it. */
function UpdateBar({ selection, filter, total, shown, lack }: UpdateBarProps): JSX.Element {
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

/** The keyboard moves the focus from row to row: what has it is open to every other key. */
function useListKeys(
  body: { current: HTMLTableSectionElement | null },
  selection: Selection,
  openFilter: () => void,
): void {
  const last = useRef<string>(undefined);
  const links = (): HTMLAnchorElement[] => [
    ...(body.current?.querySelectorAll<HTMLAnchorElement>("th.id a") ?? []),
  ];
  const rowOf = (element: Element | null): HTMLElement | null =>
    element?.closest<HTMLElement>("tr[data-id]") ?? null;
  const currentId = (): string | undefined => {
    const row = rowOf(document.activeElement);
    return (
      (row !== null && body.current?.contains(row) === true ? row.dataset.id : undefined) ?? last.current
    );
  };
  const move = (step: number): void => {
    const all = links();
    const at = all.findIndex((link) => rowOf(link)?.dataset.id === currentId());
    const next =
      all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
    next?.focus({ preventScroll: true });
    next?.closest("tr")?.scrollIntoView({ block: "nearest" });
    last.current = rowOf(next ?? null)?.dataset.id;
  };
  const take = (upTo: boolean): void => {
    const id = currentId();
    if (id !== undefined) selection.toggle(id, upTo);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    x: () => take(false),
    "Shift+x": () => take(true),
    f: () => {
      const isNarrow = matchMedia("(max-width: 1279px)").matches;
      if (isNarrow) openFilter();
      else document.getElementById("fleet-search")?.focus();
    },
    u: () => document.getElementById("update-selection")?.focus(),
  });
}

interface ListPlace {
  readonly scroll: number;
  /** The row that had the focus. */
  readonly id: string | undefined;
}

/** Where somebody was in each list. */
const places = new Map<string, ListPlace>();
const MOST_PLACES = 50;

/** Going back to a list leads to where it was left: the same rows in sight, and the focus on the same one. */
function usePlace(name: string, hasRows: boolean, body: { current: HTMLTableSectionElement | null }): void {
  const restored = useRef<string>(undefined);
  useEffect(() => {
    const note = (): void => {
      // Who has left for another view is not at another place of this one.
      if (location.pathname !== "/fleet" || body.current?.isConnected !== true) return;
      const row = body.current?.contains(document.activeElement) === true ? document.activeElement : null;
      const id = row?.closest<HTMLElement>("tr[data-id]")?.dataset.id;
      places.delete(name);
      places.set(name, { scroll: scrollY, id });
      const [oldest] = places.keys();
      if (places.size > MOST_PLACES && oldest !== undefined) places.delete(oldest);
    };
    if (!hasRows) return;
    const place = places.get(name);
    const isBack = restored.current !== name && place !== undefined;
    restored.current = name;
    if (isBack) {
      leadBack("/fleet", () => {
        scrollTo({ top: place.scroll, behavior: "instant" });
        const row = body.current?.querySelector(`tr[data-id="${CSS.escape(place.id ?? "")}"] a`);
        if (row instanceof HTMLElement) row.focus({ preventScroll: true });
      });
    }
    addEventListener("scroll", note, { passive: true });
    document.addEventListener("focusin", note);
    return () => {
      removeEventListener("scroll", note);
      document.removeEventListener("focusin", note);
    };
  }, [name, hasRows, body]);
}
