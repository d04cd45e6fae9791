import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSession } from "../api/session.ts";
import type { CommitReport } from "../api/types.ts";
import { useRead } from "../api/use-read.ts";
import { Author } from "../parts/author.tsx";
import { Button } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { Commit } from "../parts/commit.tsx";
import { Diff } from "../parts/diff.tsx";
import { commitLink, forgeName } from "../parts/forge-links.ts";
import { Head } from "../parts/head.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { countOf, writeCount } from "../parts/numbers.ts";
import { ProposalDialog } from "../parts/proposal-dialog.tsx";
import { ReadingView } from "../parts/reading-view.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { rolloutPath } from "../shell/routes.ts";
import { StateBadge } from "./commit-row.tsx";
import { Findings, PlanParts } from "./plan-parts.tsx";
import { movesOf, sentenceOf } from "./sentences.ts";
import { type TakeBack, takeBackOf } from "./take-back.ts";
import "./history.css";

/** One commit: what it did to the fleet first, then why, then its files. */
export function CommitView({ commit }: { readonly commit: string }): JSX.Element {
  const report = useRead("/api/v1/history/{commit}", { path: { commit }, on: ["rollout", "commit"] });
  const short = `Commit ${commit.slice(0, 7)}`;
  return (
    <ReadingView of={report} awaiting={<Head title={short} tab={short} crumbs={CRUMBS} />}>
      {(value) => <Shown report={value} tab={short} />}
    </ReadingView>
  );
}

const CRUMBS = [{ name: "History", href: "/history" }];

function Shown({ report, tab }: { readonly report: CommitReport; readonly tab: string }): JSX.Element {
  const { commit, subject, author, at, state, body, parent, diffs, omittedDiffs, diagnostics, plan } = report;
  return (
    <>
      <Head title={subject} tab={tab} crumbs={CRUMBS} end={<ForgeLink commit={commit} />}>
        <StateBadge state={state} /> <code>{commit.slice(0, 12)}</code> by <Author of={author} />,{" "}
        <Time at={at} />
        {parent !== null && (
          <>
            , after <Commit id={parent} />
          </>
        )}
      </Head>
      <div class="stack">
        {report.why !== undefined && (
          <p>
            <MarkedText>{report.why}</MarkedText>
          </p>
        )}
        <Findings of={diagnostics} commit={commit} />
        <Effect report={report} />
        {body !== "" && (
          <Card title="Why">
            <p class="message">{body}</p>
          </Card>
        )}
        <Card title="What it changed" tail={countOf(report.files, "file")}>
          <Deeds of={report} />
          {diffs.map(({ path, diff }) => (
            <Diff key={path} path={path} {...(diff === undefined ? {} : { diff })} />
          ))}
          {omittedDiffs > 0 && <p class="q s">and {countOf(omittedDiffs, "more file", "more files")}</p>}
        </Card>
        {plan !== undefined && (
          <section class="section" aria-label="Its plan today">
            <header>
              <h2>Made today, it {stillMoves(plan)}</h2>
              <span class="tail s q">over the fleet as it is now</span>
            </header>
            <PlanParts plan={plan} />
          </section>
        )}
      </div>
    </>
  );
}

/** The same commit on top of its parent, over the fleet of today: of an old one the machines have moved since. */
function stillMoves(plan: NonNullable<CommitReport["plan"]>): string {
  return sentenceOf(plan).replace(/^(\w+)s /, "would $1 ");
}

/** What it did, each with what takes it back, where it is part of what is served. */
function Deeds({ of }: { readonly of: CommitReport }): JSX.Element | null {
  const [chosen, setChosen] = useState<TakeBack | undefined>(undefined);
  const { caller } = useSession();
  const mayPropose =
    (of.state === "served" || of.state === "past") && caller.role !== "viewer" && !caller.readOnly;
  if (of.did.length === 0) return null;
  return (
    <>
      <ul class="did">
        {of.did.map((deed) => {
          const back = mayPropose ? takeBackOf(deed) : undefined;
          return (
            <li key={deed.text}>
              <span>
                {deed.text}
                {deed.reason !== undefined && <span class="q">: {deed.reason}</span>}
              </span>
              {back !== undefined && (
                <Button small onPress={() => setChosen(back)}>
                  {back.title}
                </Button>
              )}
            </li>
          );
        })}
        {of.omitted > 0 && <li class="q">and {of.omitted} more</li>}
      </ul>
      {chosen !== undefined && <ProposalDialog {...chosen} onClose={() => setChosen(undefined)} />}
    </>
  );
}

/** What it did to how many machines, as it was foreseen and as they have reported. */
function Effect({ report }: { readonly report: CommitReport }): JSX.Element | null {
  const { reached, foreseen } = report;
  if (reached.length === 0 && foreseen === undefined) return null;
  return (
    <Card title="What it did to the fleet" flush>
      {foreseen !== undefined && (
        <p class="plain-in">
          When it began to be served, <Time at={foreseen.at} />: {movesOf(foreseen)}.
        </p>
      )}
      {reached.length > 0 && (
        <Table
          caption="How far its promotions have come"
          isDense
          rows={reached}
          keyOf={({ product, channel, version }) => `${product} ${channel} ${version}`}
          columns={[
            {
              head: "Promotion",
              isName: true,
              cell: ({ product, channel, version }) => (
                <a class="link" href={rolloutPath(product, channel)}>
                  {product} {version} on {channel}
                </a>
              ),
            },
            { head: "State", cell: ({ state }) => state },
            { head: "Offered", isNumber: true, cell: ({ offered }) => writeCount(offered) },
            { head: "On it", isNumber: true, cell: ({ confirmed }) => writeCount(confirmed) },
            { head: "Failed", isNumber: true, cell: ({ failed }) => writeCount(failed) },
          ]}
        />
      )}
    </Card>
  );
}

function ForgeLink({ commit }: { readonly commit: string }): JSX.Element | null {
  const source = useRead("/api/v1/source", {});
  if (source.kind !== "shown") return null;
  const href = commitLink(source.value, commit);
  if (href === undefined) return null;
  return (
    <a class="button" href={href} target="_blank" rel="noreferrer">
      Open on {forgeName(source.value)}
    </a>
  );
}
