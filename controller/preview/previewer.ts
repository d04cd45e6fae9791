import { printable } from "../../protocol/printable.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { globsFor, type HistoryFilter } from "../history/history-event.ts";
import { computePlan } from "../plan/compute-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { PlanError } from "../plan/plan-error.ts";
import { type PlannedSide, plannedExpectations } from "../plan/planned-expectations.ts";
import { readSides } from "../plan/read-sides.ts";
import { scopeRecords } from "../plan/scope-records.ts";
import type { ChangeRequest } from "../propose/change-request.ts";
import { findStateRoot } from "../source/find-state-root.ts";
import type { GitRepository } from "../source/git-repository.ts";
import type { LoggedCommit } from "../source/logged-commit.ts";
import { readCommit } from "../source/read-commit.ts";
import { readPastFiles } from "../source/read-past-files.ts";
import { SourceError } from "../source/source-error.ts";
import { commitSource } from "../source/state-source.ts";
import { StateCache } from "../state/state-cache.ts";
import { type StateAt, stateAt } from "../validate/state-at.ts";
import type { CommitRecord, CommitRecords } from "./commit-records.ts";
import { bodyOf, changesBetween, commitsBetween, countBetween, mergeBase } from "./commits-of-branch.ts";
import { type CountedFleet, FLEET_NAME, MAX_AGE } from "./counted-fleet.ts";
import { deedsOf } from "./deeds.ts";
import { fileDiffs } from "./file-diffs.ts";
import { KeptPlans } from "./kept-plans.ts";
import { linesOfPlaces } from "./lines-of-places.ts";
import { PreviewError } from "./preview-error.ts";
import type {
  AskedLine,
  BranchList,
  BranchPlan,
  CommitReport,
  CommitState,
  CommitSummary,
  Foreseen,
  HistoryPage,
  HistoryQuery,
  PreparedChange,
  PreviewService,
  ServedLine,
  WriteRequest,
  WrittenChange,
} from "./preview-service.ts";
import { type ChangeParts, ProposedChanges } from "./proposed-changes.ts";
import { isOnLine, type LineOfCommits, lineOf, readLine } from "./served-line.ts";
import { MOST_DIAGNOSTICS, shownDiagnostics } from "./shown-diagnostics.ts";

export interface PreviewerParts extends Omit<ChangeParts, "cache" | "rootOf"> {
  readonly records: CommitRecords;
  /** State root inside the repository, with `/`; absent: where each commit has its fleet.yaml. */
  readonly path: string | undefined;
}

/** Commits that are read at a time while a filter looks for its own. */
const BATCH = 200;
/** Commits that one question looks through at most; the next page goes on from there. */
const MOST_LOOKED_THROUGH = 2000;
/** Commits that come at once and are each looked at for what they do. */
const MOST_FORESEEN = 20;

/** Answers what is asked about commits and branches, by reading git. One question at a time. */
export class Previewer implements PreviewService {
  private readonly parts: PreviewerParts;
  private readonly repository: GitRepository;
  private readonly cache = new StateCache();
  private readonly plans = new KeptPlans();
  private readonly changes: ProposedChanges;

  constructor(parts: PreviewerParts) {
    this.parts = parts;
    this.repository = parts.branches.repository;
    this.changes = new ProposedChanges({
      ...parts,
      cache: this.cache,
      rootOf: (commit) => this.rootOf(commit),
    });
  }

  async history(query: HistoryQuery, line: ServedLine): Promise<HistoryPage> {
    const { limit, after } = query;
    const shown = await lineOf(this.repository, line);
    if (shown === undefined) return { commits: [] };
    const path = await this.rootOf(shown.head);
    const filter: HistoryFilter = query;
    const isFiltered = [query.product, query.channel, query.tenant].some((each) => each !== undefined);
    const globs = isFiltered ? { globs: globsFor(filter) } : {};
    const commits: CommitSummary[] = [];
    if (after === undefined && shown.beside !== undefined && !isFiltered) {
      const [beside] = await readLine(this.repository, shown.beside, await this.rootOf(shown.beside), 1);
      if (beside !== undefined) commits.push(...(await this.summarise([beside], shown, line)));
    }
    let from = after;
    for (let looked = 0; looked < MOST_LOOKED_THROUGH; ) {
      const most = isFiltered ? BATCH : limit + 1 - commits.length;
      const logged = await readLine(this.repository, shown.head, path, most, { after: from, ...globs });
      for (const summary of await this.summarise(logged, shown, line, filter)) {
        if (isFiltered && summary.did.length === 0) continue;
        // One more than is shown says that there is a next page.
        if (commits.length === limit) return { commits, ...nextAfter(commits) };
        commits.push(summary);
      }
      if (logged.length < most) return { commits };
      looked += logged.length;
      from = logged.at(-1)?.commit;
    }
    return { commits, ...(from === undefined ? {} : { next: from }) };
  }

  async commit(id: string, line: ServedLine): Promise<CommitReport | undefined> {
    const shown = await lineOf(this.repository, line);
    if (shown === undefined) return undefined;
    if (id !== shown.beside && !(await isOnLine(this.repository, id, shown.head))) return undefined;
    const path = await this.rootOf(id);
    const [logged] = await readLine(this.repository, id, path, 1);
    if (logged?.commit !== id) return undefined;
    const [summary] = await this.summarise([logged], shown, line);
    if (summary === undefined) return undefined;
    const { parents } = await readCommit(this.repository, id);
    const parent = parents[0] ?? null;
    const { diffs, omitted } = await fileDiffs(this.repository, logged.changes);
    const { diagnostics, plan } = await this.judge(id, parent, path, line);
    const isOfInterest = summary.state !== "past";
    return {
      ...summary,
      ...{ parent, body: await bodyOf(this.repository, id), diffs, omittedDiffs: omitted },
      diagnostics: isOfInterest ? shownDiagnostics(diagnostics) : [],
      ...(plan === undefined ? {} : { plan }),
    };
  }

  async branches(): Promise<BranchList> {
    const { branches } = this.parts;
    const [{ branch: followed = null }, listed] = [await branches.followed(), await branches.list()];
    return { followed, branches: listed };
  }

  async plan(branch: string, line: ServedLine): Promise<BranchPlan> {
    const { served } = line;
    if (served === null) {
      throw new PreviewError("preview/nothing-served", "nothing is served yet, to compare a branch with");
    }
    const tip = await this.tipOf(branch);
    const base = await mergeBase(this.repository, served, tip);
    const path = await this.rootOf(tip);
    const brought = await commitsBetween(this.repository, base, tip);
    const changes = await changesBetween(this.repository, base, tip, path);
    const deeds = deedsOf(changes.changes, await readPastFiles(this.repository, [changes]));
    const { diagnostics, plan, countedAt } = await this.judge(tip, base, path, line);
    return {
      ...{ branch, commit: tip, base, served, commits: brought },
      behind: await countBetween(this.repository, base, served),
      diagnostics: shownDiagnostics(diagnostics),
      omittedDiagnostics: Math.max(0, diagnostics.length - MOST_DIAGNOSTICS),
      ...deeds,
      ...(plan === undefined ? {} : { plan }),
      countedAt,
    };
  }

  prepare(change: ChangeRequest, line: ServedLine): Promise<PreparedChange> {
    return this.changes.prepare(change, line);
  }

  write(request: WriteRequest, line: ServedLine): Promise<WrittenChange> {
    return this.changes.write(request, line);
  }

  async rootOf(commit: string): Promise<string> {
    return this.parts.path ?? (await findStateRoot(this.repository, commit));
  }

  async lines(commit: string, asked: readonly AskedLine[]): Promise<readonly (number | null)[]> {
    return linesOfPlaces(this.repository, commit, await this.rootOf(commit), asked);
  }

  /**
   * Notes what became of a commit that the controller has just come to, and where it is served, what it and those that came
   * with it do to the fleet: later nobody could tell.
   *
   * @param before what was served until then; `null`: nothing, and what it does is not asked
   */
  async note(commit: string, record: CommitRecord, before: string | null, line: ServedLine): Promise<void> {
    const { records } = this.parts;
    const known = records.get(commit);
    if (known?.state === record.state) return;
    const foreseen = known?.foreseen;
    records.add(commit, { ...record, ...(foreseen === undefined ? {} : { foreseen }) });
    if (record.state !== "served" || before === null || foreseen !== undefined) return;
    const { records: machines } = await this.parts.fleet(MAX_AGE.reading);
    if (machines === undefined) return;
    const path = await this.rootOf(commit);
    const come = await commitsBetween(this.repository, before, commit, MOST_FORESEEN);
    // What has mistakes did nothing: what comes after it is compared with what was good before.
    let good = before;
    for (const { commit: each } of come.toReversed()) {
      const { plan, countedAt } = await this.judge(each, good, path, line);
      if (plan === undefined) continue;
      good = each;
      records.add(each, {
        ...(records.get(each) ?? { state: "served" }),
        foreseen: foreseenIn(plan, countedAt),
      });
    }
  }

  private async summarise(
    logged: readonly LoggedCommit[],
    shown: LineOfCommits,
    line: ServedLine,
    filter: HistoryFilter = {},
  ): Promise<CommitSummary[]> {
    const files = await readPastFiles(this.repository, logged);
    return logged.map(({ commit, author, at, subject, changes }) => {
      const record = this.recordOf(commit, line);
      const { errors = 0, first, why, foreseen } = record ?? {};
      return {
        ...{ commit, author, at, subject, state: stateOf(commit, record, shown, line), errors },
        ...(first === undefined ? {} : { first }),
        ...(why === undefined ? {} : { why }),
        ...deedsOf(changes, files, filter),
        files: changes.length,
        ...(foreseen === undefined ? {} : { foreseen }),
      };
    });
  }

  private recordOf(commit: string, { tip }: ServedLine): CommitRecord | undefined {
    return tip?.commit === commit ? tip : this.parts.records.get(commit);
  }

  /** What is wrong with a commit, and what it does on top of another one. */
  private async judge(
    commit: string,
    base: string | null,
    path: string,
    line: ServedLine,
  ): Promise<{
    readonly diagnostics: readonly Diagnostic[];
    readonly plan?: Plan;
    readonly countedAt: number;
  }> {
    const { now, overlays } = line;
    const fleet = await this.parts.fleet(MAX_AGE.reading);
    const key = JSON.stringify([commit, base, fleet.at, overlays]);
    const kept = this.plans.get(key, now);
    if (kept !== undefined) return { ...kept, countedAt: fleet.at };
    const source = commitSource(this.repository, path, commit);
    const found = await this.sidesOf(source, commit, base, path, line);
    const judged = {
      diagnostics: found.head.diagnostics,
      ...(found.sides === undefined ? {} : { plan: planOver(found.sides, fleet, now) }),
    };
    this.plans.keep(key, judged, now);
    return { ...judged, countedAt: fleet.at };
  }

  private async sidesOf(
    source: ReturnType<typeof commitSource>,
    commit: string,
    base: string | null,
    path: string,
    { now, overlays }: ServedLine,
  ): Promise<{ readonly head: StateAt; readonly sides?: Sides }> {
    const { repository, cache } = this;
    if (base !== null) {
      try {
        const request = { repository, path, base, head: { source, ref: commit }, now, overlays, cache };
        const { before, after, head, models } = await readSides(request);
        if (after === undefined || models === undefined) return { head };
        return {
          head,
          sides: {
            before: { desired: before, model: models.before },
            after: { desired: after, model: models.after },
          },
        };
      } catch (error) {
        // What it came after cannot be read as state: then nobody can say what it does, and what is wrong with it all the same.
        const isUnreadable =
          error instanceof PlanError ||
          (error instanceof SourceError && error.code === "source/path-not-found");
        if (!isUnreadable) throw error;
      }
    }
    return { head: await stateAt(source, { now, cache }) };
  }

  /** @throws PreviewError `preview/unknown-branch` */
  private async tipOf(branch: string): Promise<string> {
    try {
      return await this.parts.branches.tip(branch);
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== "source/ref-not-found") throw error;
      throw new PreviewError("preview/unknown-branch", `there is no branch \`${printable(branch, 100)}\``, {
        cause: error,
        help: "push it, or check the spelling",
      });
    }
  }
}

interface Sides {
  readonly before: PlannedSide;
  readonly after: PlannedSide;
}

function planOver({ before, after }: Sides, { records }: CountedFleet, now: number): Plan {
  const inventory =
    records === undefined
      ? {
          kind: "scopes" as const,
          name: "the scopes that state names",
          records: scopeRecords(before.desired, after.desired, now),
        }
      : { kind: "devices" as const, name: FLEET_NAME, records };
  const expectations = plannedExpectations(before, after, inventory, now);
  return computePlan(before.desired, after.desired, inventory, now, { expectations });
}

function foreseenIn({ blast, inventory }: Plan, at: number): Foreseen {
  const { devices: moves, stopped, retimed } = blast;
  return { at, total: inventory.total, moves, stopped, retimed };
}

function nextAfter(commits: readonly CommitSummary[]): { readonly next?: string } {
  const last = commits.at(-1)?.commit;
  return last === undefined ? {} : { next: last };
}

function stateOf(
  commit: string,
  record: CommitRecord | undefined,
  { newer, beside }: LineOfCommits,
  { served }: ServedLine,
): CommitState {
  if (commit === served) return "served";
  const unserved = record?.state === "served" ? undefined : record?.state;
  return unserved ?? (newer.has(commit) || commit === beside ? "waiting" : "past");
}
