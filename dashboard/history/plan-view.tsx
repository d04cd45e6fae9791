import type { JSX } from "preact";
import type { BranchList, BranchPlan } from "../api/types.ts";
import { useRead } from "../api/use-read.ts";
import { Author } from "../parts/author.tsx";
import { Badge } from "../parts/badge.tsx";
import { Card } from "../parts/card.tsx";
import { Commit } from "../parts/commit.tsx";
import { CommandLine } from "../parts/copy.tsx";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";
import { countOf, writeCount } from "../parts/numbers.ts";
import { ReadingView } from "../parts/reading-view.tsx";
import { Share } from "../parts/share.tsx";
import { Time } from "../parts/time.tsx";
import { useQuery } from "../shell/navigation.ts";
import { Findings, PlanParts } from "./plan-parts.tsx";
import { verdictOf } from "./sentences.ts";
import "./history.css";

/** What a branch would do to the fleet, before anybody merges it. */
export function PlanView(): JSX.Element {
  const [query] = useQuery();
  const head = query.get("head") ?? "";
  const branches = useRead("/api/v1/branches", { on: ["commit"] });
  return (
    <ReadingView of={branches} awaiting={<Head title="Plan" tab="Plan" crumbs={CRUMBS} />}>
      {(list) => (head === "" ? <Choose list={list} /> : <Planned list={list} branch={head} />)}
    </ReadingView>
  );
}

const CRUMBS = [{ name: "History", href: "/history" }];

function Choose({ list }: { readonly list: BranchList }): JSX.Element {
  const others = list.branches.filter(({ name }) => name !== list.followed);
  return (
    <>
      <Head title="What would a branch do?" tab="Plan" crumbs={CRUMBS}>
        Against what is served now, over the machines that report here
      </Head>
      <Picker list={list} branch="" />
      {others.length === 0 ? (
        <Empty
          title={`There is no branch beside ${list.followed ?? "the one that is served"}`}
          command="fairlead promote 1.4.2 --to stable --branch --push"
        >
          Whoever opens a pull request has pushed one; the commands make one by themselves:
        </Empty>
      ) : (
        <Card title="Branches" tail={writeCount(others.length)} flush>
          <ul class="list plain">
            {others.map(({ name, commit }) => (
              <li key={name}>
                <a class="link" href={`/plan?head=${encodeURIComponent(name)}`}>
                  {name}
                </a>{" "}
                <code class="q s">{commit.slice(0, 7)}</code>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function Picker({ list, branch }: { readonly list: BranchList; readonly branch: string }): JSX.Element {
  const [query, setQuery] = useQuery();
  return (
    <div class="branch-picker">
      <label for="branch">Branch</label>
      <select
        id="branch"
        value={branch}
        onChange={(event) => {
          query.set("head", event.currentTarget.value);
          setQuery(query);
        }}
      >
        {branch === "" && <option value="">Choose one</option>}
        {branch !== "" && !list.branches.some(({ name }) => name === branch) && (
          <option value={branch}>{branch}</option>
        )}
        {list.branches.map(({ name }) => (
          <option key={name} value={name}>
            {name}
            {name === list.followed ? " (served)" : ""}
          </option>
        ))}
      </select>
    </div>
  );
}

function Planned({ list, branch }: { readonly list: BranchList; readonly branch: string }): JSX.Element {
  const plan = useRead("/api/v1/plan", { query: { head: branch }, on: ["commit"] });
  return (
    <ReadingView of={plan} awaiting={<Head title={branch} tab="Plan" crumbs={CRUMBS} />}>
      {(value, isOther) => (
        <>
          <Verdict of={value} />
          <Picker list={list} branch={branch} />
          {isOther ? <p class="reading">Reading {branch}</p> : <Shown of={value} followed={list.followed} />}
        </>
      )}
    </ReadingView>
  );
}

function Verdict({ of }: { readonly of: BranchPlan }): JSX.Element {
  const { verdict, commit, served, behind, commits, plan, countedAt } = of;
  const title = verdictOf(of);
  return (
    <Head
      title={title}
      tab={title}
      crumbs={CRUMBS}
      facts={
        plan === undefined
          ? []
          : [
              { name: "move", value: writeCount(plan.blast.devices) },
              { name: "at another time", value: writeCount(plan.blast.retimed) },
              { name: "no longer", value: writeCount(plan.blast.stopped) },
              {
                name: `of ${writeCount(plan.inventory.total)}`,
                value: <Share part={plan.blast.touched} of={plan.inventory.total} />,
              },
            ]
      }
    >
      {verdict === "refused" && <Badge state="refused" box />}
      {verdict === "warned" && (
        <Badge state="stale" box>
          With warnings
        </Badge>
      )}
      {verdict === "fine" && (
        <Badge state="done" box>
          Nothing against it
        </Badge>
      )}{" "}
      <code>{commit.slice(0, 7)}</code> against <Commit id={served} />, {countOf(commits.length, "commit")}
      {behind > 0 && `, made before the last ${countOf(behind, "served commit")}`}
      {plan !== undefined && (
        <>
          ; machines counted <Time at={countedAt} />
        </>
      )}
    </Head>
  );
}

interface ShownProps {
  readonly of: BranchPlan;
  readonly followed: string | null;
}

function Shown({ of, followed }: ShownProps): JSX.Element {
  const { plan, commit, commits, did, omitted, diagnostics, omittedDiagnostics, branch } = of;
  return (
    <div class="stack">
      <Findings of={diagnostics} omitted={omittedDiagnostics} commit={commit} />
      {plan !== undefined && <PlanParts plan={plan} />}
      <div class="grid2">
        <Card title="What it changes">
          {did.length === 0 ? (
            <p class="q2">Nothing that the history has a word for.</p>
          ) : (
            <ul class="did">
              {did.map(({ text, reason }) => (
                <li key={text}>
                  {text}
                  {reason !== undefined && <span class="q">: {reason}</span>}
                </li>
              ))}
              {omitted > 0 && <li class="q">and {omitted} more</li>}
            </ul>
          )}
          <CommandLine>{`fairlead plan --base origin/${followed ?? "main"} --head origin/${branch}`}</CommandLine>
        </Card>
        <Card title="Its commits" tail={writeCount(commits.length)} flush>
          {commits.length === 0 ? (
            <p class="plain-in q2">All of them are served.</p>
          ) : (
            <ol class="list">
              {commits.map(({ commit: id, subject, author, at }) => (
                <li key={id}>
                  <code>{id.slice(0, 7)}</code>
                  <span>
                    {subject}
                    <br />
                    <span class="q s">
                      <Author of={author} />
                    </span>
                  </span>
                  <span class="q s">
                    <Time at={at} as="clock" />
                  </span>
                </li>
              ))}
            </ol>
          )}
        </Card>
      </div>
    </div>
  );
}
