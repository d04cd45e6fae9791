import "./rollouts.css";
import type { JSX } from "preact";
import { useRead } from "../api/use-read.ts";
import { Badge } from "../parts/badge.tsx";
import { Card } from "../parts/card.tsx";
import { Commit } from "../parts/commit.tsx";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { countOf, writeCount, writePpm, writeShare } from "../parts/numbers.ts";
import { RateBullet } from "../parts/rate-bullet.tsx";
import { ReadingView } from "../parts/reading-view.tsx";
import { PartOf } from "../parts/share.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { WaveBar } from "../parts/wave-bar.tsx";
import { rolloutPath, withQuery } from "../shell/routes.ts";
import { inOrder, pastOf } from "./rollout-order.ts";
import type { ListedRollout } from "./rollout-types.ts";
import { badgeOf, listAnswer, shortReason, stateWord } from "./rollout-words.ts";

/** Every rollout: what a person has to decide first, then what moves, then what is done; and what was before. */
export function RolloutsView(): JSX.Element {
  const rollouts = useRead("/api/v1/rollouts", { on: ["rollout", "attempt"] });
  return (
    <ReadingView of={rollouts} awaiting={<Head title="Rollouts" tab="Rollouts" />}>
      {({ rollouts: all }) => {
        const current = inOrder(all.filter(({ isCurrent }) => isCurrent));
        const past = pastOf(all);
        const answer = listAnswer(current);
        return (
          <>
            <Head title={answer} tab={answer}>
              What each of {countOf(current.length, "channel")} points to, and how far it has come
            </Head>
            {current.length === 0 ? (
              <Empty title="No channel points to a version" command="fairlead promote VERSION --to stable">
                A promotion is a commit that points a channel to a version; it appears here with its waves.
              </Empty>
            ) : (
              <Card title="Now" tail="bars are on a square-root scale" flush>
                <CurrentTable rollouts={current} />
              </Card>
            )}
            {past.length > 0 && (
              <div class="grid-after">
                <Card title="Before" tail="as long as it is kept" flush>
                  <PastTable rollouts={past} />
                </Card>
              </div>
            )}
          </>
        );
      }}
    </ReadingView>
  );
}

function CurrentTable({ rollouts }: { readonly rollouts: readonly ListedRollout[] }): JSX.Element {
  return (
    <Table
      caption="What each channel points to"
      rows={rollouts}
      keyOf={({ product, channel }) => `${product}/${channel}`}
      asCards
      columns={[
        {
          head: "Channel",
          class: "r-name",
          isName: true,
          cell: ({ product, channel, version }) => (
            <a class="name" href={rolloutPath(product, channel)}>
              <b>
                {product} / {channel}
              </b>{" "}
              <span class="q2">{version}</span>
            </a>
          ),
        },
        {
          head: "State",
          class: "r-state",
          cell: (row) => (
            <>
              <Badge state={badgeOf(row)}>{stateWord(row)}</Badge>
              <div class="q s">
                since <Time at={row.since} as="clock" />
              </div>
            </>
          ),
        },
        { head: "Rollout", class: "r-wave", cell: (row) => <Waves row={row} /> },
        {
          head: "On it",
          class: "r-on",
          isNumber: true,
          cell: ({ running = 0, devices = 0 }) => <PartOf part={running} of={devices} />,
        },
        { head: "Failure rate", class: "r-rate", cell: (row) => <Rate row={row} /> },
        {
          head: "Next",
          class: "r-why",
          cell: ({ reason, nextAt }) => (
            <span class="q2 s">
              {nextAt !== undefined && nextAt !== null && (
                <>
                  <Time at={nextAt} />:{" "}
                </>
              )}
              <MarkedText>{shortReason(reason)}</MarkedText>
            </span>
          ),
        },
      ]}
    />
  );
}

function Waves({ row }: { readonly row: ListedRollout }): JSX.Element {
  const { devices = 0, running = 0, allowedDevices = 0, waves = [], state } = row;
  const share = (machines: number): number => Math.round((machines / devices) * 1_000_000);
  const look = state === "halted" || state === "held" || state === "done" ? state : "moving";
  // Of no machines no share is allowed; what is open is said all the same.
  return (
    <WaveBar
      waves={waves}
      allowed={devices === 0 ? row.allowed : share(allowedDevices)}
      actual={devices === 0 ? 0 : share(running)}
      state={look}
      width={200}
    />
  );
}

function Rate({ row: { tally, maxFailure } }: { readonly row: ListedRollout }): JSX.Element {
  const failures = (tally?.failed ?? 0) + (tally?.silent ?? 0);
  const counted = failures + (tally?.confirmed ?? 0);
  if (counted === 0) return <span class="q">no report yet</span>;
  return (
    <span class="rate" title={`${writeCount(failures)} of ${writeCount(counted)}`}>
      <b class="q2">{writeShare(failures, counted)}</b>
      {maxFailure !== undefined && (
        <>
          <RateBullet rate={(failures / counted) * 1_000_000} limit={maxFailure} width={64} />
          <span class="q s">limit {writePpm(maxFailure)}</span>
        </>
      )}
    </span>
  );
}

function PastTable({ rollouts }: { readonly rollouts: readonly ListedRollout[] }): JSX.Element {
  return (
    <Table
      caption="Promotions that others have taken the place of"
      rows={rollouts}
      keyOf={({ product, channel, commit, version }) => `${product}/${channel}/${version}/${commit}`}
      isDense
      columns={[
        {
          head: "Promotion",
          class: "r-name",
          isName: true,
          cell: ({ product, channel, version, commit }) => (
            <a href={withQuery(rolloutPath(product, channel), { commit })}>
              {product} / {channel} <span class="q2">{version}</span>
            </a>
          ),
        },
        {
          head: "Ended as",
          cell: ({ state, halts }) =>
            state === "halted" ? (
              <Badge state="halted" />
            ) : (
              <span class="q2">{halts === 0 ? "done" : `done, halted ${countOf(halts, "time")}`}</span>
            ),
        },
        { head: "Began", cell: ({ beganAt, since }) => <Time at={beganAt ?? since} as="clock" /> },
        {
          head: "Ended",
          class: "hide-s",
          cell: ({ endedAt }) =>
            endedAt === null || endedAt === undefined ? "–" : <Time at={endedAt} as="clock" />,
        },
        { head: "Commit", class: "hide-s", cell: ({ commit }) => <Commit id={commit} /> },
      ]}
    />
  );
}
