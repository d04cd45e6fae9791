import type { ComponentChildren, JSX } from "preact";
import type { Plan, StateFinding, Transition } from "../api/types.ts";
import { Badge } from "../parts/badge.tsx";
import { Card } from "../parts/card.tsx";
import { FilePlace } from "../parts/file-place.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { countOf, writeCount } from "../parts/numbers.ts";
import { PartOf } from "../parts/share.tsx";
import { Table } from "../parts/table.tsx";
import { WaveBar } from "../parts/wave-bar.tsx";
import { devicePath } from "../shell/routes.ts";
import { nounOf, wavesOf, whenOf } from "./sentences.ts";

const MOST_SHARES = 6;
const DIMENSIONS = ["tenant", "site", "group", "platform", "channel", "product"] as const;

/** What a plan says: who moves from what to what and when, who does not and why. @param plan of `plan.after` */
export function PlanParts({ plan }: { readonly plan: Plan }): JSX.Element {
  return (
    <div class="stack plan">
      <Expected plan={plan} />
      <Warnings plan={plan} />
      <Moves plan={plan} />
      <div class="grid2">
        <Stays plan={plan} />
        <Whose plan={plan} />
      </div>
    </div>
  );
}

const EXPECTED = {
  broken: { badge: "refused", word: "Broken by it" },
  dropped: { badge: "stale", word: "Taken out or altered" },
  unmet: { badge: "stale", word: "Not met without it either" },
} as const;

/** What the state expects of itself and does not get. */
function Expected({ plan: { expectations, after } }: { readonly plan: Plan }): JSX.Element | null {
  if (expectations.length === 0) return null;
  return (
    <Card
      title="What the state expects"
      tail={`${countOf(expectations.length, "expectation")} not met`}
      flush
    >
      <ul class="list plain">
        {expectations.map(({ kind, file, line, that, message, decidedBy }) => (
          <li key={`${kind} ${file} ${that}`}>
            <div>
              <p>
                <Badge state={EXPECTED[kind].badge}>{EXPECTED[kind].word}</Badge>{" "}
                <FilePlace file={file} line={line} commit={after} /> <MarkedText>{message}</MarkedText>
              </p>
              {decidedBy !== null && (
                <p class="s q2">
                  <FilePlace file={decidedBy.file} line={decidedBy.line} commit={after} />{" "}
                  <MarkedText>{decidedBy.text}</MarkedText>
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Warnings({ plan }: { readonly plan: Plan }): JSX.Element | null {
  if (plan.warnings.length === 0) return null;
  return (
    <Card title="Before it is merged" tail={countOf(plan.warnings.length, "warning")} flush>
      <ul class="list plain">
        {plan.warnings.map(({ code, message, help }) => (
          <li key={`${code} ${message}`}>
            <div>
              <p>
                <Badge state="stale">Warning</Badge> <MarkedText>{message}</MarkedText>
              </p>
              {help !== undefined && (
                <p class="s q2">
                  <MarkedText>{help}</MarkedText>
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Moves({ plan }: { readonly plan: Plan }): JSX.Element {
  const { transitions, retimed, openings, now } = plan;
  const noun = nounOf(plan);
  if (transitions.length + retimed.length + openings.length === 0) {
    return (
      <Card title="Who moves">
        <p class="q2">Nobody: every {noun} stays on what it runs, at the time that it has.</p>
      </Card>
    );
  }
  return (
    <Card title="Who moves" tail="as if merged now; bars on a square-root scale" flush>
      {transitions.length > 0 && (
        <Table
          caption="Who moves from what to what, and when"
          asCards
          rows={transitions}
          keyOf={({ product, channel, from, to, via }) => [product, channel, from, to, ...via].join(" ")}
          columns={[
            { head: "Channel", isName: true, cell: ({ product, channel }) => `${product} / ${channel}` },
            { head: "Version", class: "wide versions", cell: (row) => <Versions of={row} /> },
            {
              head: noun === "machine" ? "Machines" : "Scopes",
              isNumber: true,
              cell: ({ devices }) => writeCount(devices),
            },
            { head: "Waves", cell: (row) => <Waves of={row} now={now} />, class: "wide" },
            { head: "When", cell: (row) => <Schedule of={row} now={now} noun={noun} />, class: "wide" },
          ]}
        />
      )}
      {retimed.length > 0 && (
        <ul class="list plain">
          {retimed.map(({ product, channel, version, devices, earlier, later, waves, formerWaves }) => (
            <li key={`${product} ${channel} ${version}`}>
              <div>
                <p>
                  {product} / {channel}: {countOf(devices, noun)} to {version ?? "nothing"} at another time
                  {earlier > 0 && `, ${writeCount(earlier)} earlier`}
                  {later > 0 && `, ${writeCount(later)} later`}
                </p>
                <p class="s q2">With it: {wavesOf(waves, now)}</p>
                <p class="s q">Without: {wavesOf(formerWaves, now)}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
      {openings.length > 0 && (
        <ul class="list plain">
          {openings.map(({ product, channel, version, from, to, of, at }) => (
            <li key={`${product} ${channel}`}>
              <p>
                {product} / {channel} {version}: opens {from === to ? `wave ${to}` : `waves ${from} to ${to}`}{" "}
                of {of}, {whenOf(at, now)}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Versions({ of }: { readonly of: Transition }): JSX.Element {
  return (
    <span>
      <span class="nowrap">
        <span class="q">{of.from ?? "not installed"}</span> → <b>{of.to ?? "not installed"}</b>
      </span>
      {of.goesDown && <span class="warn"> down</span>}
      {of.via.length > 0 && <span class="q"> by way of {of.via.join(", ")}</span>}
    </span>
  );
}

function Waves({ of, now }: { readonly of: Transition; readonly now: number }): JSX.Element {
  if (of.waves.length === 0) return <span class="q">everybody at once</span>;
  const open = of.waves.filter(({ at, shut }) => shut !== true && at <= now).at(-1)?.share ?? 0;
  return (
    <WaveBar
      waves={of.waves.map(({ share }) => share)}
      allowed={open}
      actual={0}
      state="moving"
      width={180}
    />
  );
}

const MOST_STEPS = 4;

function Schedule({
  of,
  now,
  noun,
}: {
  readonly of: Transition;
  readonly now: number;
  readonly noun: string;
}): JSX.Element {
  // A scope stands for machines that nobody has counted.
  if (noun === "scope" || of.schedule.length === 0) return <span class="s q2">{wavesOf(of.waves, now)}</span>;
  const left = of.schedule.length - MOST_STEPS;
  return (
    <ul class="schedule s">
      {of.schedule.slice(0, MOST_STEPS).map(({ at, devices }) => (
        <li key={at}>
          {writeCount(devices)} <span class="q">{whenOf(at, now)}</span>
        </li>
      ))}
      {left > 0 && <li class="q">and {left} more steps</li>}
    </ul>
  );
}

/** Who does not move, or not freely, and why. */
function Stays({ plan }: { readonly plan: Plan }): JSX.Element {
  const { refusals, misfits, belowMinimum, stopped, stranded, held } = plan;
  const noun = nounOf(plan);
  const rows: readonly { readonly key: string; readonly node: ComponentChildren }[] = [
    ...stranded.map(({ what, name, devices, examples }) => ({
      key: `stranded ${what} ${name}`,
      node: (
        <Stay state={<Badge state="refused" />} devices={devices} noun={noun} examples={examples}>
          of {what} {name}, which is gone
        </Stay>
      ),
    })),
    ...refusals.map(({ product, installed, target, devices, reason, code, examples, channel }) => ({
      key: `refused ${product} ${channel} ${installed} ${target} ${code}`,
      node: (
        <Stay state={<Badge state="refused" />} devices={devices} noun={noun} examples={examples}>
          on {product} {installed ?? "nothing"}: <MarkedText>{reason}</MarkedText>
        </Stay>
      ),
    })),
    ...misfits.map(({ product, channel, version, cause, devices, examples }) => ({
      key: `misfit ${product} ${channel} ${version} ${cause}`,
      node: (
        <Stay state={<Badge state="refused" />} devices={devices} noun={noun} examples={examples}>
          cannot take {product} {version}: <MarkedText>{cause}</MarkedText>
        </Stay>
      ),
    })),
    ...belowMinimum.map(({ product, installed, minimum, devices, stuck, examples }) => ({
      key: `minimum ${product} ${installed} ${minimum}`,
      node: (
        <Stay state={<Badge state="below-minimum" />} devices={devices} noun={noun} examples={examples}>
          on {product} {installed}, minimum {minimum}
          {stuck > 0 && `; nothing leads up for ${writeCount(stuck)}`}
        </Stay>
      ),
    })),
    ...stopped.map(({ product, channel, from, to, devices, examples }) => ({
      key: `stopped ${product} ${channel} ${from} ${to}`,
      node: (
        <Stay state={<Badge state="held">Stopped</Badge>} devices={devices} noun={noun} examples={examples}>
          no longer go to {product} {to ?? "nothing"} on {channel}
        </Stay>
      ),
    })),
    ...held.map(({ by, product, reason, where, devices, examples }) => ({
      key: `held ${by} ${product} ${where} ${reason}`,
      node: (
        <Stay
          state={
            <Badge state={by === "halt" ? "halted" : by === "window" || by === "wave" ? "waiting" : "held"} />
          }
          devices={devices}
          noun={noun}
          examples={examples}
        >
          of {product}, by a {by}: <MarkedText>{reason}</MarkedText>
          {where !== null && (
            <>
              {" ("}
              <FilePlace file={where.split("#")[0] ?? where} />)
            </>
          )}
        </Stay>
      ),
    })),
  ];
  return (
    <Card title="Who does not, or not freely" flush>
      {rows.length === 0 ? (
        <p class="plain-in q2">Nobody is refused, held back or below a minimum by it.</p>
      ) : (
        <ul class="list plain">
          {rows.map(({ key, node }) => (
            <li key={key}>{node}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

interface StayProps {
  readonly state: ComponentChildren;
  readonly devices: number;
  readonly noun: string;
  readonly examples: readonly string[];
  readonly children: ComponentChildren;
}

function Stay({ state, devices, noun, examples, children }: StayProps): JSX.Element {
  return (
    <div>
      <p>
        {state} <b>{countOf(devices, noun)}</b> {children}
      </p>
      {noun === "machine" && examples.length > 0 && (
        <p class="s q examples">
          {examples.map((id) => (
            <a key={id} class="link mono" href={devicePath(id)}>
              {id}
            </a>
          ))}
        </p>
      )}
    </div>
  );
}

/** Whose machines move. */
function Whose({ plan }: { readonly plan: Plan }): JSX.Element {
  const groups = DIMENSIONS.filter((dimension) => plan.by[dimension].length > 0);
  return (
    <Card title="Whose they are" flush>
      {groups.length === 0 ? (
        <p class="plain-in q2">Nobody moves.</p>
      ) : (
        <table class="dense">
          {groups.map((dimension) => (
            <tbody key={dimension}>
              <tr class="group">
                <th colSpan={2} scope="rowgroup">
                  {dimension}
                </th>
              </tr>
              {plan.by[dimension].slice(0, MOST_SHARES).map(({ name, moving, total }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td class="num">
                    <PartOf part={moving} of={total} />
                  </td>
                </tr>
              ))}
              {plan.by[dimension].length > MOST_SHARES && (
                <tr>
                  <td colSpan={2} class="q">
                    and {plan.by[dimension].length - MOST_SHARES} more
                  </td>
                </tr>
              )}
            </tbody>
          ))}
        </table>
      )}
    </Card>
  );
}

interface FindingsProps {
  readonly of: readonly StateFinding[];
  readonly omitted?: number;
  readonly commit: string;
}

/** Mistakes and warnings, each with its place. */
export function Findings({ of, omitted = 0, commit }: FindingsProps): JSX.Element | null {
  if (of.length === 0) return null;
  const errors = of.filter(({ severity }) => severity === "error").length + omitted;
  return (
    <Card
      title={errors > 0 ? "Why it is refused" : "Warnings about its state"}
      tail={errors > 0 ? countOf(errors, "mistake") : countOf(of.length, "warning")}
      flush
    >
      <ul class="list plain">
        {of.map(({ rule, severity, message, file, span, notes, help }) => (
          <li key={`${file} ${span?.line} ${span?.column} ${rule} ${message}`}>
            <div>
              <p>
                {severity === "error" ? (
                  <Badge state="refused">Error</Badge>
                ) : (
                  <Badge state="stale">Warning</Badge>
                )}{" "}
                <FilePlace file={file} line={span?.line} commit={commit} /> <MarkedText>{message}</MarkedText>
              </p>
              {notes.map((note) => (
                <p key={note} class="s q2">
                  <MarkedText>{note}</MarkedText>
                </p>
              ))}
              {help !== undefined && (
                <p class="s q2">
                  <MarkedText>{help}</MarkedText>
                </p>
              )}
              <p class="s q mono">{rule}</p>
            </div>
          </li>
        ))}
        {omitted > 0 && <li class="q">and {omitted} more</li>}
      </ul>
    </Card>
  );
}
