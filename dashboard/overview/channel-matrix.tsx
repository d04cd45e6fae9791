import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ChannelRow, ProductOverview } from "../api/types.ts";
import { Author } from "../parts/author.tsx";
import { type BadgeState, StateIcon } from "../parts/badge.tsx";
import { Section } from "../parts/card.tsx";
import { Commit } from "../parts/commit.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { countOf, writeCount, writePpm, writeShare } from "../parts/numbers.ts";
import { RateBullet } from "../parts/rate-bullet.tsx";
import { Sparkline } from "../parts/sparkline.tsx";
import { Time, useNow } from "../parts/time.tsx";
import { NoWaveBar, WaveBar, type WaveBarState } from "../parts/wave-bar.tsx";
import { fleetPath, rolloutPath } from "../shell/routes.ts";
import { foldedSentence, type MatrixGroup, machinesOf, matrixGroups } from "./matrix-groups.ts";

interface ChannelLook {
  readonly badge: BadgeState;
  readonly bar: WaveBarState;
  readonly tone: string;
}

const LOOKS = {
  halted: { badge: "halted", bar: "halted", tone: "halt" },
  paused: { badge: "paused", bar: "held", tone: "held" },
  empty: { badge: "waiting", bar: "done", tone: "q2" },
  held: { badge: "held", bar: "held", tone: "held" },
  stale: { badge: "stale", bar: "done", tone: "warn" },
  pending: { badge: "waiting", bar: "moving", tone: "q2" },
  canary: { badge: "moving", bar: "moving", tone: "" },
  active: { badge: "moving", bar: "moving", tone: "" },
  done: { badge: "done", bar: "done", tone: "" },
} as const satisfies Readonly<Record<ChannelRow["state"], ChannelLook>>;

/** What goes where: each channel of each product in a row. */
export function ChannelMatrix({ products }: { readonly products: readonly ProductOverview[] }): JSX.Element {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const groups = matrixGroups(products, opened);
  return (
    <Section title="What is rolling out where" tail="bars on a square-root scale">
      <div class="card scroll">
        {/* biome-ignore lint/a11y/noRedundantRoles: as cards its parts are displayed as something else */}
        <table class="matrix cards" role="table" aria-label="Channels by product">
          {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
          <thead role="rowgroup">
            {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
            <tr role="row">
              {HEADS.map(({ name, class: own }) => (
                // biome-ignore lint/a11y/noRedundantRoles: see above
                <th key={name} role="columnheader" scope="col" class={own}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          {groups.map((group) => (
            <ProductRows
              key={group.product.name}
              group={group}
              open={() => setOpened(new Set([...opened, group.product.name]))}
            />
          ))}
        </table>
      </div>
    </Section>
  );
}

const HEADS: readonly { readonly name: string; readonly class?: string }[] = [
  { name: "Channel" },
  { name: "Version" },
  { name: "Promoted" },
  { name: "Machines", class: "num drop" },
  { name: "Rollout: allowed (outline), on it (fill)" },
  { name: "Next" },
  { name: "Failures against limit" },
  { name: "Adoption since promotion", class: "drop" },
];

function ProductRows({
  group,
  open,
}: {
  readonly group: MatrixGroup;
  readonly open: () => void;
}): JSX.Element {
  const { product, rows, folded } = group;
  const said = [
    countOf(machinesOf(product), "machine"),
    ...(product.minimum === undefined ? [] : [`minimum ${product.minimum}`]),
    ...(product.isCompanion ? ["only where installed"] : []),
  ];
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <tbody role="rowgroup">
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <tr role="row" class="group">
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <th role="rowheader" scope="row" colSpan={HEADS.length}>
          <b>{product.name}</b>
          {said.join(", ")}
        </th>
      </tr>
      {rows.map((row) => (
        <ChannelCells key={row.channel} product={product.name} row={row} />
      ))}
      {folded.length > 0 && (
        // biome-ignore lint/a11y/noRedundantRoles: see above
        <tr role="row" class="folded" data-row>
          {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
          <td role="cell" colSpan={HEADS.length}>
            <StateIcon state="done" />
            <span>{foldedSentence(folded)}</span>
            <button class="button small" type="button" data-open onClick={open}>
              Show all {folded.length}
            </button>
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** One channel. On a phone it is a card, so each cell has a name for its place. */
function ChannelCells({ product, row }: { readonly product: string; readonly row: ChannelRow }): JSX.Element {
  const look = LOOKS[row.state];
  const path = rolloutPath(product, row.channel);
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <tr role="row" class="row" data-row>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <th role="rowheader" scope="row" class="m-name">
        <a class="name" href={path} data-open>
          <StateIcon state={look.badge} />
          {row.channel}
        </a>
      </th>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" class="m-version">
        <span class="two">
          <b>{row.version}</b>
          <span>{versionNote(row)}</span>
        </span>
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" class="m-who">
        <span class="two">
          <Time at={row.since} />
          <span title={row.subject}>
            {row.author !== undefined && <Author of={row.author} />}
            <Commit id={row.commit} />
          </span>
        </span>
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" class="num drop">
        {writeCount(row.machines)}
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" class="m-wave">
        {row.state === "empty" ? (
          <NoWaveBar />
        ) : (
          <WaveBar waves={row.waves} allowed={row.allowed ?? 0} actual={row.actual} state={look.bar} />
        )}
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" class="m-next">
        <span class="two" title={row.reason}>
          <b class={look.tone}>
            <MarkedText>{row.standing}</MarkedText>
          </b>
          <span>
            <MarkedText>{row.next}</MarkedText>
            {row.nextAt !== undefined && (
              <>
                {", "}
                <Time at={row.nextAt} />
              </>
            )}
          </span>
        </span>
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" class="m-fail">
        <Failures of={row.failures} />
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" class="m-spark drop">
        <Adoption row={row} product={product} />
      </td>
    </tr>
  );
}

function versionNote({ from, offers, version }: ChannelRow): string {
  if (offers === null) return "nothing is offered";
  if (offers !== undefined) return `offers ${offers}, ${version} is withdrawn`;
  return from === undefined ? "the first" : `from ${from}`;
}

function Failures({ of }: { readonly of: ChannelRow["failures"] }): JSX.Element {
  if (of === undefined) return <span class="q s">nothing counted yet</span>;
  const { failed, counted, rate, limit, worst } = of;
  const isOver = limit !== undefined && rate > limit;
  return (
    <span class="two" title={`${writeCount(failed)} of ${writeCount(counted)} failed`}>
      <span class="fail">
        <b class={isOver ? "halt" : "q2"}>{writeShare(failed, counted)}</b>
        {limit !== undefined && <RateBullet rate={rate} limit={limit} />}
      </span>
      <span>
        {limit === undefined ? "no gate" : `limit ${writePpm(limit)}`}
        {worst !== undefined && `, ${worst.name} ${writeShare(worst.rate, 1_000_000)}`}
      </span>
    </span>
  );
}

function Adoption({
  row,
  product,
}: {
  readonly row: ChannelRow;
  readonly product: string;
}): JSX.Element | null {
  const now = useNow();
  const { adoption, machines, channel } = row;
  if (adoption === undefined || machines === 0) return null;
  const { from, step, running } = adoption;
  const samples = running.map((count, index) => ({
    at: Math.min(from + (index + 1) * step, now),
    share: count / machines,
  }));
  return (
    <a href={fleetPath({ product, channel })} aria-label={`Machines of ${channel}`} tabIndex={-1}>
      <Sparkline
        samples={[{ at: from, share: (running[0] ?? 0) === 0 ? 0 : (samples[0]?.share ?? 0) }, ...samples]}
        from={from}
        to={now}
        {...(row.haltedAt === undefined ? {} : { haltedAt: row.haltedAt })}
      />
    </a>
  );
}
