import type { JSX } from "preact";
import { Card } from "../parts/card.tsx";
import { Icon } from "../parts/icon.tsx";
import { countOf, writeCount } from "../parts/numbers.ts";
import { fleetPath } from "../shell/routes.ts";
import { type CoverRow, coverTable } from "./cover-table.ts";
import type { CoverCell, RolloutReport } from "./rollout-types.ts";
import { siteName } from "./rollout-words.ts";

/** Sites that are shown before the rest folds. */
const MOST_ROWS = 12;

/** Where canaries stood, and where it failed: platform by site. */
export function CoverCard({ report }: { readonly report: RolloutReport }): JSX.Element {
  const { cover } = report;
  const { platforms, rows, morePlatforms } = coverTable(cover);
  const more = [
    ...(cover.moreSites === 0 ? [] : [countOf(cover.moreSites, "more site")]),
    ...(morePlatforms === 0 ? [] : [countOf(morePlatforms, "more platform")]),
  ];
  return (
    <Card title="Where canaries stood" tail={rows.length === 0 ? undefined : cover.text} flush>
      {rows.length === 0 ? (
        <p class="in q2">
          Once machines follow {report.channel}, it is seen here where none of them is a canary.
        </p>
      ) : (
        <>
          <CoverTable platforms={platforms} rows={rows.slice(0, MOST_ROWS)} report={report} />
          {rows.length > MOST_ROWS && (
            <details class="more">
              <summary>{countOf(rows.length - MOST_ROWS, "more site")}</summary>
              <CoverTable platforms={platforms} rows={rows.slice(MOST_ROWS)} report={report} />
            </details>
          )}
          {more.length > 0 && <p class="rest">And {more.join(" and ")} with fewer machines</p>}
        </>
      )}
    </Card>
  );
}

interface CoverTableProps {
  readonly platforms: readonly string[];
  readonly rows: readonly CoverRow[];
  readonly report: RolloutReport;
}

function CoverTable({ platforms, rows, report }: CoverTableProps): JSX.Element {
  return (
    <div class="scroll">
      <table class="cover">
        <caption class="vh">Canaries of machines, by site and platform</caption>
        <thead>
          <tr>
            <th scope="col">Site</th>
            {platforms.map((platform) => (
              <th key={platform} scope="col">
                {platform}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ tenant, site, cells }) => (
            <tr key={siteName(tenant, site)}>
              <th scope="row">{siteName(tenant, site)}</th>
              {cells.map((cell, index) => (
                <td key={platforms[index]}>{cell !== undefined && <Cell cell={cell} report={report} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ cell, report }: { readonly cell: CoverCell; readonly report: RolloutReport }): JSX.Element {
  const { platform, tenant, site, devices, canaries, failed } = cell;
  const { product, channel } = report;
  const href = fleetPath({
    product,
    channel,
    platform,
    tenant: tenant ?? undefined,
    site: site ?? undefined,
  });
  const classes =
    failed > 0 ? `cell bad${canaries === 0 ? " blind" : ""}` : canaries === 0 ? "cell none" : "cell";
  return (
    <a class={classes} href={href}>
      <span class="c">
        {failed > 0 ? (
          <>
            <Icon name="failed" /> {writeCount(failed)} <span class="hide-s">failed</span>
          </>
        ) : canaries === 0 ? (
          "none"
        ) : (
          writeCount(canaries)
        )}
      </span>
      <span class="of">of {writeCount(devices)}</span>
    </a>
  );
}
