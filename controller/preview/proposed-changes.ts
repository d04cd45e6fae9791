import { redactSecrets } from "../diagnostics/redact-secrets.ts";
import { branchFor } from "../edit/edit.ts";
import { EditError } from "../edit/edit-error.ts";
import { type JudgedEdit, judgeEdit } from "../edit/judge-edit.ts";
import { unifiedDiff } from "../edit/unified-diff.ts";
import { commandOf } from "../propose/change-command.ts";
import { editOf } from "../propose/change-edit.ts";
import type { ChangeRequest } from "../propose/change-request.ts";
import type { BranchReader } from "../source/branch-reader.ts";
import type { BranchWriter, GitIdentity, NewBranch } from "../source/branch-writer.ts";
import { commitSource } from "../source/state-source.ts";
import type { StateCache } from "../state/state-cache.ts";
import { stateAt } from "../validate/state-at.ts";
import { type CountedFleet, FLEET_NAME, MAX_AGE } from "./counted-fleet.ts";
import { PreviewError } from "./preview-error.ts";
import type { FileDiff, PreparedChange, ServedLine, WriteRequest, WrittenChange } from "./preview-service.ts";
import { shownDiagnostics } from "./shown-diagnostics.ts";

export interface ChangeParts {
  readonly branches: BranchReader;
  readonly writer: Pick<BranchWriter, "write" | "extend">;
  readonly cache: StateCache;
  /** What the fleet runs, no older than some seconds. */
  readonly fleet: (maxAge: number) => Promise<CountedFleet>;
  /** The state root in a commit. */
  readonly rootOf: (commit: string) => Promise<string>;
  /** Who commits what people ask for. */
  readonly committer: GitIdentity;
}

/** Changes that people ask for: looked at first, then made as commits. */
export class ProposedChanges {
  private readonly parts: ChangeParts;

  constructor(parts: ChangeParts) {
    this.parts = parts;
  }

  /** A change worked out on the branch that is followed, judged and planned, with nothing written. */
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
      diagnostics: shownDiagnostics(diagnostics),
      ...{ isValid, isBaseSound },
      ...(plan === undefined ? {} : { plan }),
      command: commandOf(change),
    };
  }

  /** Makes the commit of a change that is sound. */
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

  private async judgeChange(
    change: ChangeRequest,
    commit: string,
    { now, overlays }: ServedLine,
    maxAge: number,
  ): Promise<{ readonly judged: JudgedEdit; readonly path: string; readonly isBaseSound: boolean }> {
    const path = await this.parts.rootOf(commit);
    const state = await stateAt(commitSource(this.parts.branches.repository, path, commit), {
      now,
      cache: this.parts.cache,
    });
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
