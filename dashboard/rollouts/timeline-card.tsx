import type { JSX } from "preact";
import { Author } from "../parts/author.tsx";
import { Card } from "../parts/card.tsx";
import { Commit } from "../parts/commit.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { Time, useNow } from "../parts/time.tsx";
import { eventsOf, type RolloutEvent } from "./rollout-events.ts";
import type { RolloutReport } from "./rollout-types.ts";

const LOOKS: Readonly<Record<RolloutEvent["kind"], { readonly icon: IconName; readonly tone: string }>> = {
  began: { icon: "commit", tone: "a" },
  wave: { icon: "waves", tone: "a" },
  held: { icon: "held", tone: "held" },
  halt: { icon: "halted", tone: "halt" },
  resume: { icon: "moving", tone: "ok" },
  done: { icon: "done", tone: "ok" },
  replaced: { icon: "right", tone: "" },
  failure: { icon: "failed", tone: "halt" },
  window: { icon: "waiting", tone: "" },
};

const MOST_EVENTS = 14;

interface TimelineCardProps {
  readonly report: RolloutReport;
}

/** What happened, newest first: what, why, and by whose commit. */
export function TimelineCard({ report }: TimelineCardProps): JSX.Element {
  const marks = eventsOf(report, useNow());
  const item = (event: RolloutEvent, index: number): JSX.Element => (
    <Event key={`${event.at} ${event.kind} ${index}`} event={event} report={report} />
  );
  return (
    <Card title="What happened" tail="UTC">
      {marks.length === 0 ? (
        <p class="q2">Nothing yet: it begins when its first machines may have it.</p>
      ) : (
        <>
          <ol class="events">{marks.slice(0, MOST_EVENTS).map(item)}</ol>
          {marks.length > MOST_EVENTS && (
            <details class="more">
              <summary>{marks.length - MOST_EVENTS} earlier</summary>
              <ol class="events">{marks.slice(MOST_EVENTS).map(item)}</ol>
            </details>
          )}
        </>
      )}
    </Card>
  );
}

interface EventProps extends TimelineCardProps {
  readonly event: RolloutEvent;
}

function Event({ event, report }: EventProps): JSX.Element {
  const { icon, tone } = LOOKS[event.kind];
  const isPromotion = event.kind === "began";
  return (
    <li>
      <Time at={event.at} as="clock" />
      <span class={`dot ${tone}`}>
        <Icon name={icon} />
      </span>
      <div>
        {event.kind === "halt" || isPromotion ? <b>{event.title}</b> : event.title}
        {isPromotion && (
          <>
            {" "}
            <Commit id={report.commit} />
          </>
        )}
        {event.code !== undefined && (
          <>
            {" "}
            <code>{event.code}</code>
          </>
        )}
        {isPromotion && report.author !== undefined && (
          <p class="q s">
            <Author of={report.author} />
          </p>
        )}
        {event.rest !== "" && (
          <p class="q s">
            <MarkedText>{event.rest}</MarkedText>
          </p>
        )}
      </div>
    </li>
  );
}
