import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ProductOverview } from "../api/types.ts";
import { Card } from "../parts/card.tsx";
import { Empty } from "../parts/empty.tsx";
import { countOf, writeCount, writeShare } from "../parts/numbers.ts";
import { fleetPath } from "../shell/routes.ts";
import { versionLines } from "./running-versions.ts";

const WIDTH = 260;
const WHOLE = 1_000_000;

/** What machines run of one product; of several, the one with most machines comes first. */
export function RunningVersionsCard({
  products,
}: {
  readonly products: readonly ProductOverview[];
}): JSX.Element | null {
  const [chosen, choose] = useState<string>();
  const byMachines = products.toSorted((a, b) => b.runs.machines - a.runs.machines);
  const product = byMachines.find(({ name }) => name === chosen) ?? byMachines[0];
  if (product === undefined) return null;
  const { name, runs } = product;
  const tail = (
    <>
      {products.length > 1 && (
        <select
          class="field small"
          aria-label="Product"
          value={name}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {byMachines.map((each) => (
            <option key={each.name} value={each.name}>
              {each.name}
            </option>
          ))}
        </select>
      )}
      <a class="link" href={fleetPath({ product: name })}>
        Fleet
      </a>
    </>
  );
  return (
    <Card
      title={products.length > 1 ? "What the fleet runs" : `What the fleet runs: ${name}`}
      tail={tail}
      flush
    >
      {runs.machines === 0 ? (
        <Empty title={`No machine has ${name}`}>Machines that report it appear here.</Empty>
      ) : (
        <div class="in">
          <table class="dense runs" aria-label={`Versions of ${name}`}>
            <tbody>
              {versionLines(runs, WIDTH).map(({ version, machines, share, note, shade, length }) => (
                <tr key={version} data-row>
                  <th scope="row">
                    <a href={fleetPath({ product: name, version })}>{version}</a>
                  </th>
                  <td class="num">{writeCount(machines)}</td>
                  <td class="num q">{writeShare(share, WHOLE)}</td>
                  <td class="hide-s">
                    <svg width={WIDTH} height="8" viewBox={`0 0 ${WIDTH} 8`} aria-hidden="true">
                      <rect class={shade} width={length} height="8" rx="1.5" />
                    </svg>
                  </td>
                  <td class="q s note">{note}</td>
                </tr>
              ))}
              {runs.older !== undefined && (
                <tr>
                  <th scope="row" class="q">
                    {countOf(runs.older.versions, "other")}
                  </th>
                  <td class="num">{writeCount(runs.older.machines)}</td>
                  <td class="num q">{writeShare(runs.older.share, WHOLE)}</td>
                  <td class="hide-s" />
                  <td class="q s note">with fewer machines each</td>
                </tr>
              )}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
