import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { ApiError } from "../api/api-error.ts";
import { useLack } from "../api/session.ts";
import type { DeviceFacets } from "../api/types.ts";
import { useRead } from "../api/use-read.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Head } from "../parts/head.tsx";
import { writeCount } from "../parts/numbers.ts";
import { TroubleLine } from "../parts/reading-view.tsx";
import { useNow } from "../parts/time.tsx";
import { useQuery } from "../shell/navigation.ts";
import { FacetList } from "./facet-list.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { chipsOf, type FleetFilter, filterQuery, isEmpty, readFilter, writeFilter } from "./fleet-filter.ts";
import { FleetList } from "./fleet-list.tsx";
import { headline, inState, summary } from "./fleet-words.ts";
import { UpdateBar } from "./update-bar.tsx";
import { useList } from "./use-list.ts";
import { useListKeys } from "./use-list-keys.ts";
import { usePlace } from "./use-place.ts";
import { useSelection } from "./use-selection.ts";
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
      <FilterBar filter={filter} onAdd={() => setFiltering(true)} />
      {list instanceof ApiError && <TroubleLine trouble={list} again={() => location.reload()} />}
      <div class="fleet" aria-busy={list === undefined || facets.kind === "awaited"}>
        <aside class="facets" aria-label="Narrow it down">
          {counted !== undefined && <FacetList facets={counted} filter={filter} />}
        </aside>
        <div class={facets.kind === "shown" && facets.isOther ? "is-other" : undefined}>
          {list !== undefined && !(list instanceof ApiError) && (
            <FleetList
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
