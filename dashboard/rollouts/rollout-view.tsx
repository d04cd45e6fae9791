import "./rollouts.css";
import type { JSX } from "preact";
import { useRead } from "../api/use-read.ts";
import { Author } from "../parts/author.tsx";
import { Badge } from "../parts/badge.tsx";
import { Commit } from "../parts/commit.tsx";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";
import { writeCount } from "../parts/numbers.ts";
import { ReadingView, TroubleLine } from "../parts/reading-view.tsx";
import { Time, useNow } from "../parts/time.tsx";
import { useQuery } from "../shell/navigation.ts";
import { rolloutPath, withQuery } from "../shell/routes.ts";
import { AdoptionChart } from "./adoption-chart.tsx";
import { CausesCard } from "./causes-card.tsx";
import { CoverCard } from "./cover-card.tsx";
import { EvidenceCard } from "./evidence-card.tsx";
import { NextCard } from "./next-card.tsx";
import type { RolloutReport, RolloutSeries } from "./rollout-types.ts";
import { badgeOf, stateWords, tabOf } from "./rollout-words.ts";
import { SinceChart } from "./since-chart.tsx";
import { TenantsCard } from "./tenants-card.tsx";
import { TimelineCard } from "./timeline-card.tsx";

interface RolloutViewProps {
  readonly product: string;
  readonly channel: string;
}

/** One rollout: what happens next, how far it is, how sure the gate is, why machines failed, whose they are. */
export function RolloutView({ product, channel }: RolloutViewProps): JSX.Element {
  const [filter] = useQuery();
  const commit = filter.get("commit") ?? undefined;
  const query = commit === undefined ? {} : { commit };
  const asked = { path: { product, channel }, query, on: ["rollout", "attempt"] } as const;
  const report = useRead("/api/v1/rollouts/{product}/{channel}", asked);
  const series = useRead("/api/v1/rollouts/{product}/{channel}/series", asked);
  const crumbs = [
    { name: "Rollouts", href: "/rollouts" },
    { name: product, href: "/rollouts" },
    { name: channel, href: rolloutPath(product, channel) },
  ];
  if (report.kind === "failed" && report.trouble.status === 404) {
    return (
      <>
        <Head title={`${product} / ${channel}`} tab={`${product} / ${channel}`} crumbs={crumbs} />
        <Empty
          title={`${product} has no rollout on ${channel}`}
          command={`fairlead promote VERSION --to ${channel} --product ${product}`}
        >
          Nothing was promoted there yet, or no machine that you may see was offered it.
        </Empty>
      </>
    );
  }
  return (
    <ReadingView
      of={report}
      awaiting={<Head title={`${product} / ${channel}`} tab={`${product} / ${channel}`} crumbs={crumbs} />}
    >
      {(shown) => (
        <div class="rollout">
          <RolloutHead report={shown} crumbs={crumbs} isPast={commit !== undefined} />
          <NextCard report={shown} />
          {series.kind === "failed" && <TroubleLine trouble={series.trouble} again={series.again} />}
          <Parts report={shown} series={series.kind === "shown" ? series.value : undefined} />
        </div>
      )}
    </ReadingView>
  );
}

interface PartsProps {
  readonly report: RolloutReport;
  readonly series: RolloutSeries | undefined;
}

function Parts({ report, series }: PartsProps): JSX.Element {
  return (
    <>
      {series !== undefined && (
        <div class="grid2 stretch">
          <AdoptionChart series={series} />
          <SinceChart series={series} />
        </div>
      )}
      <div class="grid2 stretch">
        <EvidenceCard report={report} series={series} />
        <CausesCard report={report} />
      </div>
      <div class="grid2 stretch">
        <div class="stack">
          <CoverCard report={report} />
          <TenantsCard report={report} />
        </div>
        <TimelineCard report={report} />
      </div>
    </>
  );
}

interface RolloutHeadProps {
  readonly report: RolloutReport;
  readonly crumbs: readonly { readonly name: string; readonly href: string }[];
  readonly isPast: boolean;
}

function RolloutHead({ report, crumbs, isPast }: RolloutHeadProps): JSX.Element {
  const now = useNow();
  const { product, channel, version, before, devices, running, allowedDevices, tally, marks, next } = report;
  const began = marks.find(({ kind }) => kind === "began")?.at;
  const failed = tally.failed + tally.silent;
  return (
    <Head
      title={`${product} / ${channel}: ${before === undefined || isPast ? version : `${before} to ${version}`}`}
      tab={tabOf(report)}
      crumbs={crumbs}
      facts={[
        { name: `on ${version}`, value: writeCount(running) },
        { name: "allowed", value: writeCount(allowedDevices) },
        { name: `of ${channel}`, value: writeCount(devices) },
        { name: "failed", value: failed > 0 ? <span class="halt">{writeCount(failed)}</span> : "0" },
      ]}
    >
      <Badge state={next.kind === "paused" || next.kind === "frozen" ? "paused" : badgeOf(report)} box>
        {stateWords(report, now)}
      </Badge>{" "}
      {began !== undefined && (
        <span class="q2">
          promoted <Time at={began} />
          {report.author !== undefined && (
            <>
              {" by "}
              <Author of={report.author} />
            </>
          )}{" "}
          in <Commit id={report.commit} />
        </span>
      )}
      {next.kind === "replaced" && (
        <>
          {" "}
          <a class="link" href={withQuery(rolloutPath(product, channel), {})}>
            what {channel} points to now
          </a>
        </>
      )}
    </Head>
  );
}
