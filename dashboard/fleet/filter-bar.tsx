import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useSession } from "../api/session.ts";
import { Copy } from "../parts/copy.tsx";
import { Icon } from "../parts/icon.tsx";
import { useQuery } from "../shell/navigation.ts";
import {
  chipsOf,
  type FleetFilter,
  filterWithoutSort,
  fleetAddress,
  isEmpty,
  searched,
  writeFilter,
} from "./fleet-filter.ts";

/** What is asked for: a field, a chip for each value, and the address as others can open it. */
export function FilterBar({
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
