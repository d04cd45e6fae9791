import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useSession } from "../api/session.ts";
import type { CommitSummary, HistoryAnswer } from "../api/types.ts";
import { useRead } from "../api/use-read.ts";
import { Button } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";
import { countOf } from "../parts/numbers.ts";
import { ReadingView } from "../parts/reading-view.tsx";
import { useNavigation, useQuery } from "../shell/navigation.ts";
import { commitPath } from "../shell/routes.ts";
import { useKeys } from "../shell/use-keys.ts";
import { CommitRow } from "./commit-row.tsx";
import "./history.css";

const FILTERS = ["product", "channel", "tenant"] as const;

/** Commits of the served line, newest first, with what each did to how many machines. */
export function HistoryView(): JSX.Element {
  const { caller } = useSession();
  const [query] = useQuery();
  const filter = Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = query.get(name);
      return value === null || value === "" ? [] : [[name, value]];
    }),
  );
  const isLimited = caller.tenants !== null;
  const history = useRead("/api/v1/history", { query: filter, on: ["commit", "rollout"], when: !isLimited });
  if (isLimited) {
    return (
      <>
        <Head title="History" tab="History" />
        <Empty title="Commits concern all tenants">
          You see the machines of {caller.tenants?.join(", ")}. Ask somebody who sees all of them.
        </Empty>
      </>
    );
  }
  return (
    <ReadingView of={history} awaiting={<Head title="History" tab="History" />}>
      {(first) => (
        <>
          <Head
            title={titleOf(first.commits)}
            tab={titleOf(first.commits)}
            end={<Button href="/plan">What would a branch do?</Button>}
          >
            {Object.keys(filter).length === 0
              ? "Every commit of the state, newest first"
              : "Only what was asked for"}
          </Head>
          <Filters of={filter} />
          <Commits first={first} filter={filter} />
        </>
      )}
    </ReadingView>
  );
}

/** The answer of the view: whether the newest commit is what agents get. */
function titleOf(commits: readonly CommitSummary[]): string {
  const unserved = commits.filter(({ state }) => state === "held" || state === "waiting");
  const [newest] = commits;
  if (newest?.state === "refused") return "The newest commit is refused";
  if (newest?.state === "held") return "The newest commit is held";
  return unserved.length > 0 ? `${countOf(unserved.length, "commit")} not served` : "What commits did";
}

function Filters({ of }: { readonly of: Readonly<Record<string, string>> }): JSX.Element | null {
  const names = Object.entries(of);
  if (names.length === 0) return null;
  return (
    <ul class="words">
      {names.map(([name, value]) => {
        const rest = new URLSearchParams(Object.entries(of).filter(([each]) => each !== name)).toString();
        return (
          <li key={name}>
            <a
              class="chip"
              href={rest === "" ? "/history" : `/history?${rest}`}
              aria-label={`Without ${name} ${value}`}
            >
              <span class="q">{name}</span> {value} <span aria-hidden="true">×</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}

interface CommitsProps {
  readonly first: HistoryAnswer;
  readonly filter: Readonly<Record<string, string>>;
}

function Commits({ first, filter }: CommitsProps): JSX.Element {
  const { client } = useSession();
  const { go } = useNavigation();
  const [more, setMore] = useState<readonly HistoryAnswer[]>([]);
  const [lack, setLack] = useState<string | undefined>(undefined);
  const [at, setAt] = useState(-1);
  const key = JSON.stringify([filter, first.commits[0]?.commit]);
  useEffect(() => {
    setMore([]);
    setAt(-1);
  }, [key]);
  const pages = [first, ...more];
  const commits = pages.flatMap((page) => page.commits);
  const next = pages.at(-1)?.next;
  const goTo = (index: number): void => {
    const bounded = Math.max(0, Math.min(commits.length - 1, index));
    setAt(bounded);
    const id = commits[bounded]?.commit.slice(0, 12);
    document.getElementById(`commit-${id}`)?.querySelector("a")?.focus();
  };
  useKeys({
    j: () => goTo(at + 1),
    k: () => goTo(at - 1),
    Enter: () => {
      const commit = commits[at]?.commit;
      if (commit !== undefined) go(commitPath(commit));
    },
  });
  if (commits.length === 0) {
    return Object.keys(filter).length === 0 ? (
      <Empty title="No commit has been looked at yet">
        As soon as the controller has read the state repository, its commits stand here.
      </Empty>
    ) : (
      <Empty title="No commit did anything like that">Leave out one of the words above.</Empty>
    );
  }
  const read = async (): Promise<void> => {
    if (next === undefined) return;
    try {
      const page = await client.get("/api/v1/history", { query: { ...filter, after: next } });
      setMore((before) => [...before, page]);
      setLack(undefined);
    } catch (error) {
      setLack(error instanceof Error ? error.message : "the controller does not answer");
    }
  };
  return (
    <Card title="Commits" tail="times in UTC" flush>
      <ol class="list commits">
        {commits.map((commit, index) => (
          <CommitRow key={commit.commit} of={commit} isCurrent={index === at} />
        ))}
      </ol>
      {next !== undefined && (
        <div class="in commits-more">
          <Button onPress={() => void read()}>Show older ones</Button>
          {lack !== undefined && <span class="s warn">{lack}</span>}
        </div>
      )}
    </Card>
  );
}
