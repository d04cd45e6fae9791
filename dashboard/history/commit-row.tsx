import type { JSX } from "preact";
import type { CommitSummary } from "../api/types.ts";
import { Author } from "../parts/author.tsx";
import { Badge } from "../parts/badge.tsx";
import { Commit } from "../parts/commit.tsx";
import { FilePlace } from "../parts/file-place.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { Time } from "../parts/time.tsx";
import { effectOf } from "./sentences.ts";

interface CommitRowProps {
  readonly of: CommitSummary;
  /** The list has the focus on it, by `j` and `k`. */
  readonly isCurrent?: boolean;
  /** In a list beside other things: what it did is left out where its subject says so. */
  readonly isShort?: boolean;
}

/** One commit in a list: what it did, and to how many machines. */
export function CommitRow({ of, isCurrent = false, isShort = false }: CommitRowProps): JSX.Element {
  const { commit, subject, at, author, state, first, why, did, omitted } = of;
  const deeds = isShort ? [] : did.slice(0, 4).filter(({ text }) => plain(text) !== plain(subject));
  const more = did.length + omitted - Math.min(did.length, 4);
  return (
    <li
      class={`commit-row is-${state}`}
      aria-current={isCurrent ? "true" : undefined}
      id={`commit-${commit.slice(0, 12)}`}
    >
      <Commit id={commit} />
      <div class="what">
        <p>
          <StateBadge state={state} />
          {subject}
        </p>
        {deeds.length > 0 && (
          <ul class="deeds">
            {deeds.map(({ text, reason }) => (
              <li key={text}>
                {text}
                {reason !== undefined && <span class="q">: {reason}</span>}
              </li>
            ))}
            {more > 0 && <li class="q">and {more} more</li>}
          </ul>
        )}
        {first !== undefined && (
          <p class="s finding">
            <FilePlace file={first.file} line={first.line} commit={commit} />{" "}
            <MarkedText>{first.message}</MarkedText>
          </p>
        )}
        {why !== undefined && (
          <p class="s q2">
            <MarkedText>{why}</MarkedText>
          </p>
        )}
        <p class="q s">
          <Author of={author} />
          {["", ...effectOf(of)].join(" · ")}
        </p>
      </div>
      <span class="q s">
        <Time at={at} as="clock" />
      </span>
    </li>
  );
}

export function StateBadge({ state }: Pick<CommitSummary, "state">): JSX.Element | null {
  switch (state) {
    case "refused":
      return <Badge state="refused">refused</Badge>;
    case "held":
      return <Badge state="held">held</Badge>;
    case "waiting":
      return <Badge state="waiting">not served</Badge>;
    case "served":
      return <Badge state="done">served</Badge>;
    case "past":
      return null;
  }
}

/** Without what a deed says beside the subject of the commit that the command made. */
function plain(text: string): string {
  return text.replace(/ \(was [^)]*\)$/, "").trim();
}
