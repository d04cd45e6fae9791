import type { JSX } from "preact";
import { Badge, StateIcon } from "../parts/badge.tsx";
import { Card } from "../parts/card.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { writeCount, writePpm, writeShare } from "../parts/numbers.ts";
import { RateBullet } from "../parts/rate-bullet.tsx";
import { fleetPath } from "../shell/routes.ts";
import { EvidenceChart } from "./evidence-chart.tsx";
import { writeEvidence } from "./evidence-words.ts";
import type { PlatformRow, RolloutReport, RolloutSeries } from "./rollout-types.ts";

interface EvidenceCardProps {
  readonly report: RolloutReport;
  readonly series: RolloutSeries | undefined;
}

/** How sure the gate is, by platform, and the numbers that it stands on. */
export function EvidenceCard({ report, series }: EvidenceCardProps): JSX.Element {
  const evidence = series?.evidence;
  const limit = limitOf(report);
  const confidence = numberIn(report.served?.gate, "confidence") ?? 950_000;
  const odds = Math.round(1_000_000 / (1_000_000 - confidence));
  return (
    <Card
      title={`Evidence against ${report.version}, by platform`}
      tail={limit === undefined ? undefined : `at most 1 in ${odds} good releases is ever halted`}
      flush
    >
      <div class="in">
        {evidence !== undefined &&
        series !== undefined &&
        evidence.at.length > 1 &&
        report.tally.offered > 0 ? (
          <EvidenceChart series={series} evidence={evidence} />
        ) : (
          <p class="q2">
            <MarkedText>{whyNoEvidence(report, limit)}</MarkedText>
          </p>
        )}
      </div>
      <PlatformTable report={report} series={series} limit={limit} />
    </Card>
  );
}

function whyNoEvidence({ next, tally, judgement }: RolloutReport, limit: number | undefined): string {
  if (next.kind === "replaced") return "The gate counts no longer: the channel has moved on.";
  if (limit === undefined) {
    return "No gate counts failures here, so nothing halts by itself: `rollout.gate` in the channel's file makes one.";
  }
  if (judgement === undefined)
    return "The gate counts machines of all tenants, so its evidence is not shown here.";
  if (tally.offered === 0) return "Nobody was offered it yet. The gate counts from the first report.";
  return "The first reports are under way. The gate counts each within seconds.";
}

function limitOf({ served }: RolloutReport): number | undefined {
  return numberIn(served?.gate, "maxFailure");
}

function numberIn(value: unknown, name: string): number | undefined {
  const found = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === "number" ? found : undefined;
}

/** Rows that are shown before the rest folds. */
const MOST_ROWS = 12;

interface PlatformTableProps extends EvidenceCardProps {
  readonly limit: number | undefined;
}

function PlatformTable({ report, series, limit }: PlatformTableProps): JSX.Element {
  const { byPlatform, tally, channel } = report;
  const shown = byPlatform.slice(0, MOST_ROWS);
  const rest = byPlatform.slice(MOST_ROWS);
  const row = (platform: PlatformRow): JSX.Element => (
    <Row key={platform.platform} row={platform} report={report} series={series} limit={limit} />
  );
  return (
    <>
      <table class="dense platforms">
        <caption class="vh">How it went by platform</caption>
        <thead>
          <tr>
            <th scope="col">Platform</th>
            <th scope="col" class="num hide-s">
              Offered
            </th>
            <th scope="col" class="num">
              Healthy
            </th>
            <th scope="col" class="num">
              Failed
            </th>
            <th scope="col" class="num hide-s">
              Excused
            </th>
            <th scope="col" class="num hide-s">
              Waiting
            </th>
            <th scope="col">
              Rate{limit !== undefined && <span class="hide-s">, limit {writePpm(limit)}</span>}
            </th>
            <th scope="col" class="num">
              E
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(row)}
          {byPlatform.length === 0 && (
            <tr>
              <td colSpan={8} class="q">
                No machine follows {channel} yet
              </td>
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr>
            <td class="q">{channel}</td>
            <td class="num hide-s">{writeCount(tally.offered)}</td>
            <td class="num">{writeCount(tally.confirmed)}</td>
            <td class="num">{writeCount(failedOf(tally))}</td>
            <td class="num q hide-s">{writeCount(tally.excused)}</td>
            <td class="num q hide-s">{writeCount(waitingOf(tally))}</td>
            <td>{rateOf(tally)}</td>
            <td class="num">{evidenceOf(series, undefined)}</td>
          </tr>
        </tfoot>
      </table>
      {rest.length > 0 && (
        <details class="more">
          <summary>{rest.length} more platforms</summary>
          <table class="dense platforms">
            <caption class="vh">How it went on the other platforms</caption>
            <tbody>{rest.map(row)}</tbody>
          </table>
        </details>
      )}
    </>
  );
}

interface RowProps extends PlatformTableProps {
  readonly row: PlatformRow;
}

function Row({ row, report, series, limit }: RowProps): JSX.Element {
  const { platform, offered, confirmed, excused } = row;
  const failed = failedOf(row);
  const counted = confirmed + failed;
  const rate = counted === 0 ? 0 : (failed / counted) * 1_000_000;
  const test = series?.evidence?.tests.find((one) => one.platform === platform);
  const isOver = test !== undefined && Math.max(0, ...test.evidence.map((each) => each ?? 0)) >= test.needed;
  const name = (
    <a href={fleetPath({ product: report.product, channel: report.channel, platform })}>{platform}</a>
  );
  return (
    <tr>
      <th scope="row" class="nowrap">
        {isOver ? (
          <Badge state="halted">{name}</Badge>
        ) : (
          <span class="badge quiet">
            {counted === 0 ? (
              <StateIcon state="waiting" />
            ) : (
              <StateIcon state={failed === 0 ? "done" : "moving"} />
            )}
            {name}
          </span>
        )}
      </th>
      <td class="num hide-s">{writeCount(offered)}</td>
      <td class="num">{writeCount(confirmed)}</td>
      <td class={failed > 0 && isOver ? "num halt" : "num"}>
        {failed > 0 ? <b>{writeCount(failed)}</b> : writeCount(failed)}
      </td>
      <td class="num q hide-s">{writeCount(excused)}</td>
      <td class="num q hide-s">{writeCount(waitingOf(row))}</td>
      <td>
        <span class="rate">
          <b class={isOver ? "halt" : "q2"}>{rateOf(row)}</b>
          {limit !== undefined && counted > 0 && (
            <span class="hide-s">
              <RateBullet rate={rate} limit={limit} width={64} />
            </span>
          )}
        </span>
      </td>
      <td class={isOver ? "num halt" : "num"}>{evidenceOf(series, platform)}</td>
    </tr>
  );
}

type Counts = Pick<PlatformRow, "offered" | "confirmed" | "failed" | "excused" | "silent">;

/** Silence counts as a failure, as at the gate. */
function failedOf({ failed, silent }: Counts): number {
  return failed + silent;
}

function waitingOf(counts: Counts): number {
  return Math.max(0, counts.offered - counts.confirmed - failedOf(counts) - counts.excused);
}

function rateOf(counts: Counts): string {
  const counted = counts.confirmed + failedOf(counts);
  return counted === 0 ? "–" : writeShare(failedOf(counts), counted);
}

function evidenceOf(series: RolloutSeries | undefined, platform: string | undefined): JSX.Element {
  const test = series?.evidence?.tests.find((one) => one.platform === platform);
  const last = test?.evidence.at(-1);
  if (test === undefined || last === undefined || last === null) return <span class="q">–</span>;
  return <span title={`halts at ${Math.round(test.needed)}`}>{writeEvidence(last)}</span>;
}
