import type { JSX } from "preact";
import { Card } from "../parts/card.tsx";
import { countOf, writeCount } from "../parts/numbers.ts";
import { Time } from "../parts/time.tsx";
import { fleetPath } from "../shell/routes.ts";
import type { CauseGroup, RolloutReport } from "./rollout-types.ts";
import { causeWords, whereWords } from "./rollout-words.ts";

/** Why machines failed: those that count, then those that are excused; and what the failed ones share. */
export function CausesCard({ report }: { readonly report: RolloutReport }): JSX.Element {
  const { causes, tally } = report;
  const counting = causes.groups.filter(({ outcome }) => outcome === "failed");
  const excused = causes.groups.filter(({ outcome }) => outcome === "excused");
  const largest = Math.max(1, ...causes.groups.map(({ devices }) => devices));
  return (
    <Card title="Why machines failed" tail="by signature" flush>
      {counting.length + excused.length + tally.silent === 0 ? (
        <p class="in q2">
          {tally.offered === 0
            ? "Nobody was offered it yet."
            : `No failure was reported: ${countOf(tally.confirmed, "machine")} said confirmed.`}
        </p>
      ) : (
        <table class="dense causes">
          <caption class="vh">Failures by what they say</caption>
          <thead>
            <tr>
              <th scope="col" class="num">
                Machines
              </th>
              <th scope="col" class="hide-s">
                <span class="vh">Share</span>
              </th>
              <th scope="col">Signature</th>
              <th scope="col" class="hide-s">
                Where
              </th>
              <th scope="col" class="num hide-s">
                First
              </th>
            </tr>
          </thead>
          <tbody>
            {counting.map((group, index) => (
              <Row key={keyOf(group)} report={report} group={group} largest={largest} isWorst={index === 0} />
            ))}
            {tally.silent > 0 && (
              <tr>
                <td class="num">
                  <b>{writeCount(tally.silent)}</b>
                </td>
                <td class="hide-s">
                  <Bar devices={tally.silent} largest={largest} tone="v2" />
                </td>
                <td colSpan={3}>
                  Said nothing until the deadline
                  <br />
                  <span class="q s">silent, counts as failed</span>
                </td>
              </tr>
            )}
          </tbody>
          {excused.length > 0 && (
            <tbody>
              <tr class="between">
                <td colSpan={5} class="q s">
                  Of the machine, not of the release: excused, in no rate
                </td>
              </tr>
              {excused.map((group) => (
                <Row key={keyOf(group)} report={report} group={group} largest={largest} isWorst={false} />
              ))}
            </tbody>
          )}
          {causes.others > 0 && (
            <tfoot>
              <tr>
                <td class="num">{writeCount(causes.others)}</td>
                <td colSpan={4} class="q">
                  with other messages
                </td>
              </tr>
            </tfoot>
          )}
        </table>
      )}
      <Shared report={report} />
    </Card>
  );
}

function keyOf({ outcome, cause, signature }: CauseGroup): string {
  return `${outcome} ${cause} ${signature}`;
}

interface RowProps {
  readonly report: RolloutReport;
  readonly group: CauseGroup;
  readonly largest: number;
  readonly isWorst: boolean;
}

function Row({ report: { product, channel }, group, largest, isWorst }: RowProps): JSX.Element {
  const { devices, signature, example, cause, firstAt } = group;
  const filter = fleetPath({ product, channel, cause: cause ?? undefined });
  return (
    <tr>
      <td class="num">
        <b class={isWorst ? "halt" : "q2"}>{writeCount(devices)}</b>
      </td>
      <td class="hide-s">
        <Bar devices={devices} largest={largest} tone={isWorst ? "halt-fill" : "v2"} />
      </td>
      <td>
        <a href={filter} title={example ?? undefined}>
          <code>{signature ?? "no message"}</code>
        </a>
        <br />
        <span class="q s">{causeWords(group)}</span>
        <span class="q s show-s"> · {whereWords(group)}</span>
      </td>
      <td class="q2 s hide-s">{whereWords(group)}</td>
      <td class="num q s hide-s">
        <Time at={firstAt} as="clock" />
      </td>
    </tr>
  );
}

function Bar({
  devices,
  largest,
  tone,
}: {
  readonly devices: number;
  readonly largest: number;
  readonly tone: string;
}): JSX.Element {
  return (
    <svg width="72" height="8" viewBox="0 0 72 8" aria-hidden="true">
      <rect class={tone} width={Math.max(1.5, (devices / largest) * 72)} height="8" rx="1.5" />
    </svg>
  );
}

function Shared({ report: { shared, tally } }: { readonly report: RolloutReport }): JSX.Element | null {
  const [first] = shared;
  if (first === undefined) return null;
  const names = (traits: typeof first.traits): string =>
    traits
      .map(({ name, is, value }) => {
        const short = name.replace(/^facts\.|^labels\./, "");
        if (is === "without") return `no ${value}`;
        return name === "platform" ? value : `${short} ${value}`;
      })
      .join(" and ");
  return (
    <div class="share">
      <h3>What the {writeCount(first.ofFailed)} share</h3>
      <ul>
        {shared.flatMap((finding) => [
          <li key={names(finding.traits)}>
            <b>{names(finding.traits)}</b>
            <span>
              {writeCount(finding.failed)} of {writeCount(finding.ofFailed)}
            </span>
          </li>,
          ...finding.also.slice(0, 4).map((trait) => (
            <li key={`also ${trait.name} ${trait.value}`}>
              <b>{names([trait])}</b>
              <span>the same machines</span>
            </li>
          )),
        ])}
      </ul>
      <p>
        {first.healthy === 0
          ? `Not one of ${writeCount(first.ofHealthy)} healthy machines that were compared has ${names(first.traits)}.`
          : `${writeCount(first.healthy)} of ${writeCount(first.ofHealthy)} healthy machines have ${names(first.traits)}.`}{" "}
        {first.more === 0
          ? "No other machine of the channel has it."
          : `${countOf(first.more, "more machine")} of the channel ${first.more === 1 ? "has" : "have"} it.`}{" "}
        {tally.failed > first.ofFailed &&
          `Of ${writeCount(tally.failed)} that failed, the last were compared.`}
      </p>
    </div>
  );
}
