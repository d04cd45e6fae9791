import type { JSX } from "preact";
import { Card } from "../parts/card.tsx";
import { writeCount } from "../parts/numbers.ts";
import { PartOf } from "../parts/share.tsx";
import { useNow } from "../parts/time.tsx";
import { WaveBar } from "../parts/wave-bar.tsx";
import { fleetPath } from "../shell/routes.ts";
import type { RolloutReport } from "./rollout-types.ts";
import { windowWords } from "./rollout-words.ts";

/** Rows that are shown before the rest folds. */
const MOST_ROWS = 12;

/** By tenant: what may have it, what has it, what failed, and when its machines may be updated. */
export function TenantsCard({ report }: { readonly report: RolloutReport }): JSX.Element {
  const { byTenant } = report;
  const rest = byTenant.length - MOST_ROWS;
  if (byTenant.length === 0) {
    return (
      <Card title="Whose machines">
        <p class="q2">
          Nobody's yet: tenants appear here with the first machine that follows {report.channel}.
        </p>
      </Card>
    );
  }
  return (
    <Card title="Whose machines" tail="allowed (outline) and on it (fill) of each tenant" flush>
      <table class="dense tenants">
        <caption class="vh">How far it is with each tenant</caption>
        <thead>
          <tr>
            <th scope="col">Tenant</th>
            <th scope="col" class="num hide-s">
              Machines
            </th>
            <th scope="col">Rollout</th>
            <th scope="col" class="num">
              On it
            </th>
            <th scope="col" class="num">
              Failed
            </th>
            <th scope="col" class="hide-s">
              Window
            </th>
          </tr>
        </thead>
        <tbody>
          {byTenant.slice(0, MOST_ROWS).map((row) => (
            <Row key={row.tenant ?? ""} row={row} report={report} />
          ))}
        </tbody>
      </table>
      {rest > 0 && (
        <details class="more">
          <summary>{writeCount(rest)} more tenants</summary>
          <table class="dense tenants">
            <caption class="vh">The other tenants</caption>
            <tbody>
              {byTenant.slice(MOST_ROWS).map((row) => (
                <Row key={row.tenant ?? ""} row={row} report={report} />
              ))}
            </tbody>
          </table>
        </details>
      )}
    </Card>
  );
}

interface RowProps {
  readonly row: RolloutReport["byTenant"][number];
  readonly report: RolloutReport;
}

function Row({ row, report: { product, channel, state, waves } }: RowProps): JSX.Element {
  const now = useNow();
  const { tenant, devices, running, allowedDevices, failed, silent } = row;
  const share = (machines: number): number => (devices === 0 ? 0 : (machines / devices) * 1_000_000);
  const failures = failed + silent;
  const look = state === "halted" || state === "held" || state === "done" ? state : "moving";
  return (
    <tr>
      <th scope="row">
        {tenant === null ? (
          <span class="q2">no tenant</span>
        ) : (
          <a href={fleetPath({ tenant, product, channel })}>{tenant}</a>
        )}
      </th>
      <td class="num hide-s">{writeCount(devices)}</td>
      <td class="track-cell">
        <WaveBar
          waves={(waves?.all ?? []).map(({ ppm }) => ppm)}
          allowed={Math.round(share(allowedDevices))}
          actual={Math.round(share(running))}
          state={look === "halted" || look === "held" ? "moving" : look}
          width={150}
          isFixed
        />
      </td>
      <td class="num">
        <PartOf part={running} of={allowedDevices} />
      </td>
      <td class={failures > 0 && state === "halted" ? "num halt" : "num"}>
        {failures > 0 ? <b>{writeCount(failures)}</b> : "0"}
      </td>
      <td class="q2 s hide-s">{windowWords(row, now)}</td>
    </tr>
  );
}
