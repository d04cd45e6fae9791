import { compareDiagnostics } from "../diagnostics/compare-diagnostics.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { checkState } from "../rules/check-state.ts";
import { type GitRepository, openRepository } from "../source/git-repository.ts";
import { readChannelHistories } from "../source/promotion-history.ts";
import { resolveCommit } from "../source/read-commit.ts";
import { readSnapshot } from "../source/read-snapshot.ts";
import { readStagedSnapshot } from "../source/read-staged-snapshot.ts";
import { readWorktreeSnapshot } from "../source/read-worktree-snapshot.ts";
import type { Snapshot } from "../source/snapshot.ts";
import { SourceError } from "../source/source-error.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { readState } from "../state/read-state.ts";
import { fleetModelOf } from "../state/sound-state.ts";
import { findCommittedKeys } from "./find-committed-keys.ts";

/** What `validate` is asked to look at. */
export interface ValidateRequest {
  /** Absolute path of the state root on this machine. */
  readonly root: string;
  /** Top of the git work tree around it; absent outside git. */
  readonly repository: string | undefined;
  /** The state root inside the repository, with `/`. */
  readonly path: string;
  /** The commit to check; absent: the work tree as it lies on disk. */
  readonly ref?: string;
  /** Check what the next commit will have instead; of this index, where git hands a hook another than its own. */
  readonly staged?: { readonly indexFile: string | undefined };
  /** The commit to compare with. */
  readonly base?: string;
  /** Seconds since 1970. */
  readonly now: number;
}

export interface ValidateReport {
  readonly snapshot: Snapshot;
  readonly diagnostics: readonly Diagnostic[];
  /** Something that could not be looked at, for people. */
  readonly notices: readonly string[];
}

/**
 * Reads a state from disk or from git, with its history where there is one, and checks it.
 *
 * @throws SourceError where git cannot be read, `repository-unreachable` when a commit is asked for outside git
 */
export async function validateState(request: ValidateRequest): Promise<ValidateReport> {
  const { root, repository: folder, path, ref, staged, base, now } = request;
  if (folder === undefined) {
    if (ref !== undefined || base !== undefined || staged !== undefined) {
      throw new SourceError("repository-unreachable", `\`${root}\` is not in a git repository`, {
        help: "leave --ref, --staged and --base away to check the files as they are",
      });
    }
    const snapshot = await readWorktreeSnapshot(root, now);
    return { snapshot, diagnostics: checkState(snapshot, { now }).diagnostics, notices: [] };
  }
  const repository = await openRepository(folder);
  try {
    const head = await headOf(repository, ref);
    const snapshot =
      staged !== undefined
        ? await readStagedSnapshot(repository, path, staged.indexFile, now)
        : ref === undefined || head === undefined
          ? await readWorktreeSnapshot(root, now)
          : await readSnapshot(repository, head, path);
    const histories = head === undefined ? undefined : await readChannelHistories(repository, head, path);
    const before = base === undefined ? undefined : await readBase(repository, base, path);
    const diagnostics = checkState(snapshot, {
      now,
      ...(histories === undefined ? {} : { histories }),
      ...(before === undefined ? {} : { before }),
    }).diagnostics;
    const keys = await findCommittedKeys(repository, {
      path,
      head,
      base: base === undefined ? undefined : await resolveCommit(repository, base),
      staged: ref === undefined ? (staged ?? { indexFile: undefined }) : undefined,
      known: new Set(snapshot.files.map(({ blob }) => blob)),
    });
    const notices =
      base !== undefined && before === undefined
        ? [`\`${base}\` has no readable fleet.yaml: nothing was compared with it`]
        : [];
    return {
      snapshot,
      diagnostics: [...diagnostics, ...keys.diagnostics].sort(compareDiagnostics),
      notices: [...notices, ...keys.notices],
    };
  } finally {
    repository.close();
  }
}

/** The commit whose history counts; `undefined` in a repository without a commit. */
async function headOf(repository: GitRepository, ref: string | undefined): Promise<string | undefined> {
  if (ref !== undefined) return resolveCommit(repository, ref);
  try {
    return await resolveCommit(repository, "HEAD");
  } catch (error) {
    if (error instanceof SourceError && error.code === "ref-not-found") return undefined;
    throw error;
  }
}

/**
 * What could be read of the state to compare with. It need not be free of errors: a mistake that is there already must
 * not hide what the change does.
 */
async function readBase(
  repository: GitRepository,
  base: string,
  path: string,
): Promise<FleetModel | undefined> {
  const commit = await resolveCommit(repository, base);
  return fleetModelOf(readState(await readSnapshot(repository, commit, path)).sound);
}
