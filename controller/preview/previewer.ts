import { printable } from "../../protocol/printable.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { redactSecrets } from "../diagnostics/redact-secrets.ts";
import { branchFor } from "../edit/edit.ts";
import { EditError } from "../edit/edit-error.ts";
import { type JudgedEdit, judgeEdit } from "../edit/judge-edit.ts";
import { unifiedDiff } from "../edit/unified-diff.ts";
import { globsFor, type HistoryFilter } from "../history/history-event.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { computePlan } from "../plan/compute-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { PlanError } from "../plan/plan-error.ts";
import { readSides } from "../plan/read-sides.ts";
import { scopeRecords } from "../plan/scope-records.ts";
import { commandOf } from "../propose/change-command.ts";
import { editOf } from "../propose/change-edit.ts";
import type { ChangeRequest } from "../propose/change-request.ts";
import type { BranchReader } from "../source/branch-reader.ts";
import type { BranchWriter, GitIdentity, NewBranch } from "../source/branch-writer.ts";
import { findStateRoot } from "../source/find-state-root.ts";
import type { GitRepository } from "../source/git-repository.ts";
import type { LoggedCommit } from "../source/logged-commit.ts";
import { readCommit, readCommitBytes } from "../source/read-commit.ts";
import { readPastFiles } from "../source/read-past-files.ts";
import { SourceError } from "../source/source-error.ts";
import { commitSource } from "../source/state-source.ts";
import { StateCache } from "../state/state-cache.ts";
import { type StateAt, stateAt } from "../validate/state-at.ts";
import type { CommitRecord, CommitRecords } from "./commit-records.ts";
import { deedsOf } from "./deeds.ts";
import { fileDiffs } from "./file-diffs.ts";
import { KeptPlans } from "./kept-plans.ts";
import { linesOfPlaces } from "./lines-of-places.ts";
import { PreviewError } from "./preview-error.ts";
import type {
  AskedLine,
  BranchCommit,
  BranchList,
  BranchPlan,
  CommitReport,
  CommitState,
  CommitSummary,
  FileDiff,
  Foreseen,
  HistoryPage,
  HistoryQuery,
  PreparedChange,
  PreviewService,
  ServedLine,
  WriteRequest,
  WrittenChange,
} from "./preview-service.ts";
import { isOnLine, type LineOfCommits, lineOf, readLine } from "./served-line.ts";

/** What the fleet runs, and when that was asked. */
export interface CountedFleet {
  /** `undefined`: nobody is enrolled; plans are then of the scopes that state names. */
  readonly records: readonly InventoryRecord[] | undefined;
  /** Seconds since 1970. */
  readonly at: number;
}

export interface PreviewerParts {
  readonly branches: BranchReader;
  readonly writer: Pick<BranchWriter, "write" | "extend">;
  readonly records: CommitRecords;
  /** State root inside the repository, with `/`; absent: where each commit has its fleet.yaml. */
  readonly path: string | undefined;
  /** What the fleet runs, no older than some seconds. */
  readonly fleet: (maxAge: number) => Promise<CountedFleet>;
  /** Who commits what people ask for. */
  readonly committer: GitIdentity;
}

/** Commits that are read at a time while a filter looks for its own. */
const BATCH = 200;
/** Commits that one question looks through at most; the next page goes on from there. */
const MOST_LOOKED_THROUGH = 2000;
const MOST_DIAGNOSTICS = 100;
const MOST_BRANCH_COMMITS = 50;
/** Commits that come at once and are each looked at for what they do. */
const MOST_FORESEEN = 20;
/** Longest message of a commit that is shown. */
const MOST_BODY = 8 * 1024;
/** Seconds for which the fleet is not counted again, for what is read and for what is about to be written. */
const MAX_AGE = { reading: 60, writing: 10 } as const;

/** Answers what is asked about commits and branches, by reading git. One question at a time. */
export class Previewer implements PreviewService {
  private readonly parts: PreviewerParts;
  private readonly repository: GitRepository;
  private readonly cache = new StateCache();
  private readonly plans = new KeptPlans();

  constructor(parts: PreviewerParts) {
    this.parts = parts;
    this.repository = parts.branches.repository;
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
      ...{ parent, body: await this.bodyOf(id), diffs, omittedDiffs: omitted },
      diagnostics: isOfInterest ? diagnostics.slice(0, MOST_DIAGNOSTICS).map(withoutSecrets) : [],
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
    const base = await this.mergeBase(served, tip);
    const path = await this.rootOf(tip);
    const brought = await this.commitsBetween(base, tip);
    const changes = await this.changesBetween(base, tip, path);
    const deeds = deedsOf(changes.changes, await readPastFiles(this.repository, [changes]));
    const { diagnostics, plan, countedAt } = await this.judge(tip, base, path, line);
    return {
      ...{ branch, commit: tip, base, served, commits: brought },
      behind: await this.countBetween(base, served),
      diagnostics: diagnostics.slice(0, MOST_DIAGNOSTICS).map(withoutSecrets),
      omittedDiagnostics: Math.max(0, diagnostics.length - MOST_DIAGNOSTICS),
      ...deeds,
      ...(plan === undefined ? {} : { plan }),
      countedAt,
    };
  }

  async prepare(change: ChangeRequest, line: ServedLine): Promise<PreparedChange> {
    const { branch = null, commit } = await this.parts.branches.followed();
    const { judged, isBaseSound } = await this.judgeChange(change, commit, line, MAX_AGE.reading);
    const { edit, diagnostics, isValid, plan } = judged;
    return {
      ...{ base: commit, followed: branch, subject: edit.subject, notices: edit.notices },
      ...(edit.reason === undefined ? {} : { reason: edit.reason }),
      diffs: edit.changes.map(
        (each): FileDiff => ({ path: each.path, diff: redactSecrets(unifiedDiff(each)) }),
      ),
      diagnostics: diagnostics.slice(0, MOST_DIAGNOSTICS).map(withoutSecrets),
      ...{ isValid, isBaseSound },
      ...(plan === undefined ? {} : { plan }),
      command: commandOf(change),
    };
  }

  async write({ change, base, author, to }: WriteRequest, line: ServedLine): Promise<WrittenChange> {
    const { branch, commit } = await this.parts.branches.followed();
    if (commit !== base) throw baseMoved(commit);
    if (branch === undefined) {
      throw new PreviewError(
        "preview/change-refused",
        "what is followed is no branch, so nothing can be written to it",
      );
    }
    const { judged, path } = await this.judgeChange(change, commit, line, MAX_AGE.writing);
    const { edit } = judged;
    requireGood(judged);
    const prefix = path === "" ? "" : `${path}/`;
    const asked: Omit<NewBranch, "name"> = {
      base,
      files: new Map(edit.changes.map((each) => [`${prefix}${each.path}`, each.after])),
      message: edit.reason === undefined ? `${edit.subject}\n` : `${edit.subject}\n\n${edit.reason}\n`,
      by: this.parts.committer,
      author: identityOf(author),
      at: line.now,
    };
    switch (to) {
      case "direct": {
        const made = await this.parts.writer.extend({ ...asked, name: branch });
        if (made === undefined) throw baseMoved(undefined);
        return { commit: made, branch, subject: edit.subject };
      }
      case "branch": {
        const name = branchFor(edit.subject);
        const made = await this.parts.writer.write({ ...asked, name });
        if (made === undefined) {
          throw new PreviewError("preview/branch-exists", `branch \`${name}\` is there already`, {
            help: "merge it, or delete it and try again",
          });
        }
        return { commit: made, branch: name, into: branch, subject: edit.subject };
      }
    }
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
    const come = await this.commitsBetween(before, commit, MOST_FORESEEN);
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
        const { before, after, head } = await readSides(request);
        return { head, ...(after === undefined ? {} : { sides: { before, after } }) };
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

  private async judgeChange(
    change: ChangeRequest,
    commit: string,
    { now, overlays }: ServedLine,
    maxAge: number,
  ): Promise<{ readonly judged: JudgedEdit; readonly path: string; readonly isBaseSound: boolean }> {
    const path = await this.rootOf(commit);
    const state = await stateAt(commitSource(this.repository, path, commit), { now, cache: this.cache });
    const { records } = await this.parts.fleet(maxAge);
    const inventory = records === undefined ? undefined : { name: FLEET_NAME, records };
    try {
      return {
        judged: judgeEdit(state, (context) => editOf(change, context), { now, inventory, overlays }),
        path,
        isBaseSound: state.model !== undefined,
      };
    } catch (error) {
      if (!(error instanceof EditError)) throw error;
      const help = error.help === undefined ? {} : { help: error.help };
      throw new PreviewError("preview/change-refused", error.message, { cause: error, ...help });
    }
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

  /** @throws PlanError `plan/no-common-base` */
  private async mergeBase(served: string, tip: string): Promise<string> {
    const result = await this.repository.run(["merge-base", "--end-of-options", served, tip]);
    const base = result.stdout.toString("utf8").trim();
    if (result.exitCode === 0 && base !== "") return base;
    throw new PreviewError("preview/unknown-branch", "the branch and what is served share no history", {
      help: "make the branch from what is served",
    });
  }

  private async commitsBetween(
    from: string,
    to: string,
    most = MOST_BRANCH_COMMITS,
  ): Promise<BranchCommit[]> {
    const listed = await this.repository.run([
      ...["rev-list", "--first-parent", `--max-count=${most}`, "--end-of-options", `${from}..${to}`],
    ]);
    const ids = listed.stdout
      .toString("utf8")
      .split("\n")
      .filter((id) => id !== "");
    const commits: BranchCommit[] = [];
    for (const commit of ids) commits.push(await this.headOf(commit));
    return commits;
  }

  private async headOf(commit: string): Promise<BranchCommit> {
    const text = (await readCommitBytes(this.repository, commit)).toString("utf8");
    const [, author = "", time = "0"] = /^author (.*>) (\d+) [+-]\d{4}$/m.exec(text) ?? [];
    const subject = text.slice(text.indexOf("\n\n") + 2).split("\n", 1)[0] ?? "";
    return { commit, author: printable(author, 200), at: Number(time), subject: printable(subject, 500) };
  }

  private async countBetween(from: string, to: string): Promise<number> {
    const listed = await this.repository.run([
      ...["rev-list", "--first-parent", "--count", "--end-of-options", `${from}..${to}`],
    ]);
    return Number(listed.stdout.toString("utf8").trim());
  }

  /** How the files of two commits differ, as if it were one commit. */
  private async changesBetween(from: string, to: string, path: string): Promise<LoggedCommit> {
    const sides = [await this.filesAt(from, path), await this.filesAt(to, path)] as const;
    const [before, after] = sides;
    const paths = new Set([...before.keys(), ...after.keys()]);
    const changes = [...paths]
      .sort()
      .map((file) => ({ path: file, before: before.get(file), after: after.get(file) }))
      .filter((each) => each.before !== each.after);
    return { commit: to, author: "", at: 0, subject: "", changes };
  }

  private async filesAt(commit: string, path: string): Promise<ReadonlyMap<string, string>> {
    try {
      const { files } = await commitSource(this.repository, path, commit).snapshot(commit);
      return new Map(files.map((file) => [file.path, file.blob]));
    } catch (error) {
      if (error instanceof SourceError && error.code === "source/path-not-found") return new Map();
      throw error;
    }
  }

  private async bodyOf(commit: string): Promise<string> {
    const text = (await readCommitBytes(this.repository, commit)).toString("utf8");
    const [, ...rest] = text
      .slice(text.indexOf("\n\n") + 2)
      .trim()
      .split("\n");
    return rest
      .map((line) => printable(line))
      .join("\n")
      .trim()
      .slice(0, MOST_BODY);
  }
}

/** How plans call the machines that the controller itself knows. */
const FLEET_NAME = "the machines that report here";

interface Sides {
  readonly before: Parameters<typeof computePlan>[0];
  readonly after: Parameters<typeof computePlan>[1];
}

function planOver({ before, after }: Sides, { records }: CountedFleet, now: number): Plan {
  const inventory =
    records === undefined
      ? {
          kind: "scopes" as const,
          name: "the scopes that state names",
          records: scopeRecords(before, after, now),
        }
      : { kind: "devices" as const, name: FLEET_NAME, records };
  return computePlan(before, after, inventory, now);
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

/** What a message quotes of a file may be a secret, and not everybody who looks here may read the repository. */
function withoutSecrets({ message, label, ...rest }: Diagnostic): Diagnostic {
  return {
    ...rest,
    message: redactSecrets(message),
    ...(label === undefined ? {} : { label: redactSecrets(label) }),
  };
}

/** @throws PreviewError `preview/change-refused` */
function requireGood({ edit, isValid, diagnostics }: JudgedEdit): void {
  if (edit.changes.length === 0) {
    const why = edit.notices[0] ?? "state already says so";
    throw new PreviewError("preview/change-refused", `nothing would change: ${why}`);
  }
  if (isValid) return;
  const first = diagnostics.find(({ severity }) => severity === "error");
  const what = first === undefined ? "it has mistakes" : `${first.file}: ${redactSecrets(first.message)}`;
  throw new PreviewError("preview/change-refused", `the state would be refused: ${what}`, {
    help: first?.help ?? "make the change by hand, together with what it needs",
  });
}

function baseMoved(to: string | undefined): PreviewError {
  const where = to === undefined ? "" : ` to ${to.slice(0, 10)}`;
  return new PreviewError("preview/base-moved", `the branch has moved on${where} since it was looked at`, {
    help: "look at the change again",
  });
}

/** Somebody who signed in, as git names people: by the mail address that their name is, or by one that leads nowhere. */
function identityOf(name: string): GitIdentity {
  return { name, mail: name.includes("@") ? name : `${name}@localhost` };
}
