import { Component, type JSX, type RefObject } from "preact";
import { Icon } from "../parts/icon.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { Time } from "../parts/time.tsx";
import { devicePath } from "../shell/routes.ts";
import { type FleetFilter, fleetAddress, sortedBy } from "./fleet-filter.ts";
import type { Agent } from "./fleet-rows.ts";
import { lookOf, shownInstallation, targetOf, whyOf } from "./fleet-words.ts";

interface FleetTableProps {
  readonly rows: readonly Agent[];
  readonly total: number | undefined;
  readonly filter: FleetFilter;
  readonly selected: (id: string) => boolean;
  readonly isAllSelected: boolean;
  readonly left: ReadonlySet<string>;
  readonly now: number;
  readonly body: RefObject<HTMLTableSectionElement | null>;
  /** @param upTo all from the row that was chosen last */
  readonly onSelect: (id: string, upTo: boolean) => void;
  readonly onSelectAll: () => void;
}

/** The rows of the fleet: a list where there is room, cards on a phone. It stays a table for who hears it. */
export function FleetTable(props: FleetTableProps): JSX.Element {
  const { rows, total, filter, selected, isAllSelected, left, now, body, onSelect, onSelectAll } = props;
  const isSome = rows.some(({ id }) => selected(id));
  return (
    // biome-ignore lint/a11y/noRedundantRoles: where styles change how its parts are displayed, browsers forget what they are
    <table class="rows" role="table" aria-label="Machines" aria-rowcount={total ?? -1}>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <thead role="rowgroup">
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <tr role="row">
          {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
          <th role="columnheader" scope="col" class="pick">
            <input
              type="checkbox"
              aria-label="Select all that are shown"
              checked={isAllSelected && rows.length > 0}
              ref={(input) => {
                if (input !== null) input.indeterminate = isSome && !isAllSelected;
              }}
              onChange={onSelectAll}
            />
          </th>
          <HeadCell>Machine</HeadCell>
          <HeadCell class="hide-s">Site</HeadCell>
          <HeadCell class="hide-s hide-m">Platform</HeadCell>
          <SortedHead filter={filter} by="version" lack={filter.product === undefined}>
            Version
          </SortedHead>
          <SortedHead filter={filter} by="state">
            State
          </SortedHead>
          <HeadCell class="hide-s">Why</HeadCell>
          <SortedHead filter={filter} by="seen" class="num hide-s">
            Seen
          </SortedHead>
        </tr>
      </thead>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <tbody role="rowgroup" ref={body}>
        {rows.map((agent) => (
          <Row
            key={agent.id}
            agent={agent}
            product={filter.product}
            isSelected={selected(agent.id)}
            isLeft={left.has(agent.id)}
            minute={Math.floor(now / 30)}
            now={now}
            onSelect={onSelect}
          />
        ))}
      </tbody>
    </table>
  );
}

function HeadCell({
  children,
  class: own,
}: {
  readonly children: string;
  readonly class?: string;
}): JSX.Element {
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <th role="columnheader" scope="col" class={own}>
      {children}
    </th>
  );
}

interface SortedHeadProps {
  readonly filter: FleetFilter;
  readonly by: "seen" | "state" | "version";
  readonly children: string;
  readonly class?: string;
  /** Versions are of a product: without one nothing is ordered by them. */
  readonly lack?: boolean;
}

function SortedHead({ filter, by, children, class: own, lack = false }: SortedHeadProps): JSX.Element {
  const { sort } = filter;
  const order = sort === by ? "ascending" : sort === `-${by}` ? "descending" : "none";
  if (lack) return <HeadCell {...(own === undefined ? {} : { class: own })}>{children}</HeadCell>;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <th role="columnheader" scope="col" class={own} aria-sort={order}>
      <a href={fleetAddress(sortedBy(filter, by))} class="sort">
        {children}
        {order !== "none" && <Icon name={order === "ascending" ? "up" : "down"} />}
      </a>
    </th>
  );
}

interface RowProps {
  readonly agent: Agent;
  readonly product: string | undefined;
  readonly isSelected: boolean;
  readonly isLeft: boolean;
  /** Moves on twice a minute: what is relative to now is written again then. */
  readonly minute: number;
  readonly now: number;
  readonly onSelect: (id: string, upTo: boolean) => void;
}

/** Drawn again only where something of it is new: a press among a thousand rows touches one. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const { agent, product, isSelected, isLeft, minute } = this.props;
    return (
      next.agent !== agent ||
      next.product !== product ||
      next.isSelected !== isSelected ||
      next.isLeft !== isLeft ||
      next.minute !== minute
    );
  }

  override render({ agent, product, isSelected, isLeft, now, onSelect }: RowProps): JSX.Element {
    const { id, tenant, site, platform, installations, lastSeenAt, enrolledAt } = agent;
    const installation = shownInstallation(agent, product);
    const target = targetOf(installation);
    const { icon, tone, word } = lookOf(agent, installation);
    const why = whyOf(agent, installation, now);
    const place = [tenant, site].filter((part) => part !== null).join(" / ");
    return (
      // biome-ignore lint/a11y/noRedundantRoles: see above
      <tr role="row" data-id={id} class={`${isSelected ? "selected" : ""}${isLeft ? " left" : ""}`}>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <td role="cell" class="pick">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select ${id}`}
            checked={isSelected}
            onClick={(event) => onSelect(id, event.shiftKey)}
          />
        </td>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <th role="rowheader" scope="row" class="id">
          <a href={devicePath(id)}>{shortId(id)}</a>
        </th>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <td role="cell" class="place q2">
          {place === "" ? "no tenant" : place}
        </td>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <td role="cell" class="q2 hide-s hide-m">
          {platform}
        </td>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <td role="cell" class="runs">
          {installations.length > 1 && product === undefined && installation !== undefined && (
            <span class="q hide-s">{installation.product} </span>
          )}
          <b>{installation?.installed?.version ?? "none"}</b>
          {target !== undefined && <span class="q hide-s"> to {target}</span>}
          {installations.length > 1 && product === undefined && (
            <span class="q hide-s"> +{installations.length - 1}</span>
          )}
        </td>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <td role="cell" class="standing">
          <span class={`badge ${tone}`}>
            <Icon name={icon} />
            {word}
          </span>
        </td>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <td role="cell" class="why q2" title={why}>
          {isLeft ? "no longer in this list" : <MarkedText>{why}</MarkedText>}
        </td>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <td role="cell" class="num q hide-s">
          {lastSeenAt === null ? "never" : <Time at={lastSeenAt} as="span" />}
          {lastSeenAt === null && <span class="vh"> since {enrolledAt}</span>}
        </td>
      </tr>
    );
  }
}

/** Ids that are hashes are as good in their first letters; the whole stands on the machine's own page. */
function shortId(id: string): string {
  return id.length > 22 ? `${id.slice(0, 14)}…${id.slice(-4)}` : id;
}
