import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { DeviceFacets } from "../api/types.ts";
import { Icon } from "../parts/icon.tsx";
import { writeCount } from "../parts/numbers.ts";
import {
  type FleetFilter,
  fleetAddress,
  isState,
  type ListedKey,
  toggled,
  toggledProduct,
  wordOf,
} from "./fleet-filter.ts";
import { STATE_LOOKS } from "./fleet-words.ts";

const FACETS = [
  ["state", "State"],
  ["tenant", "Tenant"],
  ["group", "Group"],
  ["site", "Site"],
  ["product", "Product"],
  ["version", "Version"],
  ["platform", "Platform"],
  ["channel", "Channel"],
  ["cause", "Failed for"],
] as const;

/** Values of one facet that are shown before somebody asks for all. */
const FEW = 7;

/** What else could be asked for, and how many machines each would show. */
export function FacetList({
  facets,
  filter,
}: {
  readonly facets: DeviceFacets;
  readonly filter: FleetFilter;
}): JSX.Element {
  return (
    <>
      {FACETS.map(([key, name]) => {
        const values = facets[key];
        // One value says nothing that is not said elsewhere, unless it can be dropped.
        const isChosen = key === "product" ? filter.product !== undefined : filter.lists[key] !== undefined;
        if (values.length === 0 || (values.length === 1 && !isChosen && key !== "state" && key !== "cause"))
          return null;
        return (
          <FacetValues
            key={key}
            facet={key}
            name={name}
            values={values}
            left={facets.left[key] ?? 0}
            filter={filter}
          />
        );
      })}
    </>
  );
}

interface FacetValuesProps {
  readonly facet: ListedKey | "product";
  readonly name: string;
  readonly values: DeviceFacets["state"];
  readonly left: number;
  readonly filter: FleetFilter;
}

function FacetValues({ facet, name, values, left, filter }: FacetValuesProps): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  const chosen = (value: string): boolean =>
    facet === "product" ? filter.product === value : filter.lists[facet]?.includes(value) === true;
  // What is chosen is always there, to be dropped again.
  const shown = values.filter(
    ({ value }, index) => isWhole || index < FEW || facet === "state" || chosen(value),
  );
  const products = new Set(values.map(({ product }) => product));
  return (
    <section class="facet" aria-label={name}>
      <h2>{name}</h2>
      <ul>
        {shown.map(({ value, product, devices }) => {
          const next =
            facet === "product" ? toggledProduct(filter, value) : toggled(filter, facet, value, product);
          const isChosen = chosen(value) && (product === undefined || product === filter.product);
          return (
            <li key={`${product ?? ""} ${value}`}>
              <a href={fleetAddress(next)} aria-current={isChosen ? "true" : undefined}>
                <Mark facet={facet} value={value} isChosen={isChosen} />
                <span class="value" title={value}>
                  {products.size > 1 && product !== undefined && <span class="q">{product} </span>}
                  {wordOf(facet, facet === "group" ? value.replace(/^.*\//, "") : value)}
                </span>
                <span>{writeCount(devices)}</span>
              </a>
            </li>
          );
        })}
      </ul>
      {values.length > shown.length && (
        <button class="more" type="button" onClick={() => setWhole(true)}>
          {writeCount(values.length - shown.length)} more
        </button>
      )}
      {isWhole && left > 0 && <p class="q s">{writeCount(left)} more: search for them</p>}
    </section>
  );
}

function Mark({
  facet,
  value,
  isChosen,
}: {
  readonly facet: string;
  readonly value: string;
  readonly isChosen: boolean;
}): JSX.Element {
  if (isChosen) return <Icon name="check" />;
  if (facet === "state" && isState(value)) {
    const { icon, tone } = STATE_LOOKS[value];
    return <Icon name={icon} tone={tone} />;
  }
  return <span />;
}
