import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useRead } from "../api/use-read.ts";
import { Card } from "../parts/card.tsx";
import { Icon } from "../parts/icon.tsx";
import { ReadingView } from "../parts/reading-view.tsx";
import { Time } from "../parts/time.tsx";
import { writeExact, writeSpan } from "../parts/times.ts";
import { type Attempt, outcomeOf, type Step, stepsOf } from "./device-words.ts";

/** Attempts that are shown at first, and at most. */
const FEW = 5;
const MOST = 200;

/** Everything that a machine tried to install, newest first, step by step. */
export function AttemptList({ id }: { readonly id: string }): JSX.Element {
  const [limit, setLimit] = useState(FEW);
  const reading = useRead("/api/v1/agents/{id}/attempts", {
    path: { id },
    query: { limit },
    on: ["attempt"],
    about: id,
  });
  return (
    <Card title="Attempts" tail="UTC, newest first" flush>
      <ReadingView of={reading}>
        {({ attempts, next }) => (
          <div class="attempts">
            {attempts.length === 0 && (
              <p class="in q2">It has not tried to install anything since it enrolled.</p>
            )}
            {attempts.map((attempt) => (
              <OneAttempt key={attempt.id} attempt={attempt} />
            ))}
            {next !== undefined && limit < MOST && (
              <p class="in">
                <button class="link" type="button" onClick={() => setLimit(MOST)}>
                  All attempts
                </button>
              </p>
            )}
          </div>
        )}
      </ReadingView>
    </Card>
  );
}

function OneAttempt({ attempt }: { readonly attempt: Attempt }): JSX.Element {
  const { product, from, to, outcome, startedAt, endedAt, message, log, code, request } = attempt;
  const isFine = outcome === "confirmed";
  const tone = isFine ? "ok" : outcome === "rolled-back" ? "quiet" : "halt";
  const icon = isFine ? "done" : outcome === "rolled-back" ? "put-back" : "failed";
  return (
    <article class="attempt" aria-label={`${product} ${from ?? "nothing"} to ${to}`}>
      <div class="line">
        <b>
          <span class="q">{product} </span>
          {from === null ? `first installation of ${to}` : `${from} to ${to}`}
        </b>
        <span class={`badge ${tone}`}>
          <Icon name={icon} />
          {outcomeOf(attempt)}
        </span>
        <span class="when">
          <Time at={startedAt} as="clock" />
        </span>
      </div>
      <ol class="steps">
        {stepsOf(attempt).map((step, index, all) => (
          <StepItem
            key={step.name}
            step={step}
            note={
              index === 0
                ? clockOf(startedAt)
                : isLastShown(all, index)
                  ? `${clockOf(endedAt)}, after ${writeSpan(endedAt - startedAt)}`
                  : ""
            }
          />
        ))}
      </ol>
      {message !== undefined && <p class="said">{message}</p>}
      {(log !== undefined || code !== undefined || request !== undefined) && (
        <details class="log">
          <summary>
            {log === undefined ? "Details" : "What the program said last"}
            {code !== undefined && <code class="q"> {code}</code>}
          </summary>
          {request !== undefined && (
            <p class="s q2">
              Asked for by request <code>{request}</code>
            </p>
          )}
          {log !== undefined && <pre class="said">{log}</pre>}
        </details>
      )}
    </article>
  );
}

/** The step at which it ended. */
function isLastShown(steps: readonly Step[], index: number): boolean {
  const isBack = steps.at(-1)?.standing === "back";
  if (isBack) return index === steps.length - 1;
  const bad = steps.findIndex(({ standing }) => standing === "bad");
  return index === (bad < 0 ? steps.length - 1 : bad);
}

function clockOf(at: number): string {
  return writeExact(at).replace(/^.*, (\d\d:\d\d:\d\d) UTC$/, "$1");
}

const STEP_ICONS = { done: "disc", bad: "failed", off: "ring", back: "put-back" } as const;
const STEP_WORDS = { done: "", bad: ", failed here", off: ", not reached", back: "" } as const;

function StepItem({ step, note }: { readonly step: Step; readonly note: string }): JSX.Element {
  return (
    <li class={step.standing}>
      <Icon name={STEP_ICONS[step.standing]} />
      {step.name}
      <em class="vh">{STEP_WORDS[step.standing]}</em>
      <span>{note}</span>
    </li>
  );
}
