import type { JSX } from "preact";
import { useRead } from "../api/use-read.ts";
import { Badge } from "../parts/badge.tsx";
import { Card } from "../parts/card.tsx";
import { Commit } from "../parts/commit.tsx";
import { Empty } from "../parts/empty.tsx";
import { ReadingView } from "../parts/reading-view.tsx";
import { Time } from "../parts/time.tsx";
import { type CommitSummary, commitEffect } from "./commit-effect.ts";

const MOST = 6;

/** The newest commits, and what each did to how many machines. Nothing for whoever may not see all tenants. */
export function LatestCommitsCard(): JSX.Element | null {
  const history = useRead("/api/v1/history", { query: { limit: MOST }, on: ["commit", "rollout"] });
  if (history.kind === "failed" && [403, 404].includes(history.trouble.status ?? 0)) return null;
  const tail = (
    <a class="link" href="/history">
      History
    </a>
  );
  return (
    <Card title="Latest commits, and what each did" tail={tail} flush>
      <ReadingView of={history} awaiting={<ol class="list awaiting" />}>
        {({ commits }) =>
          commits.length === 0 ? (
            <Empty title="No commit touches state yet" command="fairlead init" />
          ) : (
            <ol class="list">
              {commits.map((commit) => (
                <CommitLine key={commit.commit} commit={commit} />
              ))}
            </ol>
          )
        }
      </ReadingView>
    </Card>
  );
}

function CommitLine({ commit }: { readonly commit: CommitSummary }): JSX.Element {
  const { state } = commit;
  return (
    <li data-row>
      <span>
        <Commit id={commit.commit} />
      </span>
      <span>
        {(state === "refused" || state === "held") && <Badge state={state} />}
        {commit.subject}
        <br />
        <span class="q s">
          {commit.author.replace(/ <[^>]*>$/, "")} · {commitEffect(commit)}
        </span>
      </span>
      <span class="q s nowrap">
        <Time at={commit.at} as="clock" />
      </span>
    </li>
  );
}
