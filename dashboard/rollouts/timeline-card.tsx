import type { JSX } from "preact";
import { Card } from "../parts/card.tsx";
import { Commit } from "../parts/commit.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { sentence } from "../parts/reading-view.tsx";
import { Time } from "../parts/time.tsx";
import type { Mark, RolloutReport } from "./rollout-types.ts";

const LOOKS: Readonly<Record<Mark["kind"], { readonly icon: IconName; readonly tone: string }>> = {
  began: { icon: "commit", tone: "a" },
  wave: { icon: "waves", tone: "a" },
  held: { icon: "held", tone: "held" },
  halt: { icon: "halted", tone: "halt" },
  resume: { icon: "moving", tone: "ok" },
  done: { icon: "done", tone: "ok" },
  replaced: { icon: "right", tone: "" },
};

const MOST_EVENTS = 14;

interface TimelineCardProps {
  readonly report: RolloutReport;
  /** `Name <mail>` of who promoted it, where that is known. */
  readonly author: string | undefined;
}

/** What happened, newest first: what, why, and by whose commit. */
export function TimelineCard({ report, author }: TimelineCardProps): JSX.Element {
  const marks = report.marks.toSorted((a, b) => b.at - a.at);
  const item = (mark: RolloutReport["marks"][number], index: number): JSX.Element => (
    <Event key={`${mark.at} ${mark.kind} ${index}`} mark={mark} report={report} author={author} />
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
  readonly mark: RolloutReport["marks"][number];
}

function Event({ mark, report, author }: EventProps): JSX.Element {
  const { icon, tone } = LOOKS[mark.kind];
  const { title, rest } = wordsOf(mark, report);
  return (
    <li>
      <Time at={mark.at} as="clock" />
      <span class={`dot ${tone}`}>
        <Icon name={icon} />
      </span>
      <div>
        {mark.kind === "halt" || mark.kind === "began" ? <b>{title}</b> : title}
        {mark.kind === "began" && (
          <>
            {" "}
            <Commit id={report.commit} />
          </>
        )}
        {(rest !== "" || (mark.kind === "began" && author !== undefined)) && (
          <p class="q s">{mark.kind === "began" && author !== undefined ? author : rest}</p>
        )}
      </div>
    </li>
  );
}

function wordsOf(
  { kind, text }: RolloutReport["marks"][number],
  { product, version, channel }: RolloutReport,
): { readonly title: string; readonly rest: string } {
  switch (kind) {
    case "began":
      return { title: `${product} ${version} promoted to ${channel}`, rest: "" };
    case "wave": {
      const [, which = "", share = ""] = /^(wave \d+ of \d+): (.*)$/.exec(text) ?? [];
      return which === ""
        ? { title: sentence(text), rest: "" }
        : { title: `${sentence(which).replace(".", "")} opened`, rest: share };
    }
    case "halt":
      return { title: "Halted", rest: text };
    case "held":
      return { title: "Held", rest: text };
    case "resume":
      return { title: "Resumed", rest: text };
    case "done":
      return { title: "Done", rest: text };
    case "replaced":
      return { title: sentence(text).replace(/\.$/, ""), rest: "" };
  }
}
