import type { JSX } from "preact";
import { useRead } from "../api/use-read.ts";
import { Card } from "../parts/card.tsx";
import { Empty } from "../parts/empty.tsx";
import { ReadingView } from "../parts/reading-view.tsx";
import { CommitRow } from "./commit-row.tsx";
import "./history.css";

/** The newest commits and what each did, for a place beside other things. */
export function LatestCommits({ most = 5 }: { readonly most?: number }): JSX.Element {
  const history = useRead("/api/v1/history", { query: { limit: most }, on: ["commit", "rollout"] });
  return (
    <Card
      title="Latest commits, and what each did"
      tail={
        <a class="link" href="/history">
          History
        </a>
      }
      flush
    >
      <ReadingView of={history}>
        {({ commits }) =>
          commits.length === 0 ? (
            <Empty title="No commit has been looked at yet" />
          ) : (
            <ol class="list">
              {commits.map((commit) => (
                <CommitRow key={commit.commit} of={commit} isShort />
              ))}
            </ol>
          )
        }
      </ReadingView>
    </Card>
  );
}
