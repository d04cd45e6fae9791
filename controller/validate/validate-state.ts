import { compareDiagnostics } from "../diagnostics/compare-diagnostics.ts";
import type { AcknowledgedDiagnostic, Diagnostic } from "../diagnostics/diagnostic.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { type GitRepository, openRepository } from "../source/git-repository.ts";
import { hasFolder } from "../source/list-blobs.ts";
import type { StateLocation } from "../source/locate-state.ts";
import { findMergeBase } from "../source/merge-base.ts";
import { resolveCommit } from "../source/resolve-ref.ts";
import type { Snapshot } from "../source/snapshot.ts";
import { SourceError } from "../source/source-error.ts";
import {
  commitSource,
  headCommit,
  localSource,
  type StateSource,
  stagedSource,
  worktreeSource,
} from "../source/state-source.ts";
import type { ArtifactListing } from "../state/artifact-listing.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { readState } from "../state/read-state.ts";
import { fleetModelOf } from "../state/sound-state.ts";
import { findCommittedKeys } from "./find-committed-keys.ts";
import { type StateAt, stateAt } from "./state-at.ts";

/** What `validate` is asked to look at. */
export interface ValidateRequest extends StateLocation {
  /** The commit to check; absent: the work tree as it lies on disk. */
  readonly ref?: string;
  /** Check what the next commit will have instead; of this index, where git hands a hook another than its own. */
  readonly staged?: { readonly indexFile: string | undefined };
  /** What the change would be merged into: it is compared with the commit from which both are. */
  readonly base?: string;
  /** The files of the artifact folder; `missing`: there is none; absent: nobody looked. */
  readonly artifacts?: ArtifactListing | "missing" | undefined;
  /** What the fleet runs, for what expectations ask of it; absent: what state says is all that is known. */
  readonly inventory?: readonly InventoryRecord[] | undefined;
  /** Seconds since 1970. */
  readonly now: number;
}

export interface ValidateReport {
  readonly snapshot: Snapshot;
  readonly diagnostics: readonly Diagnostic[];
  /** Warnings that the state acknowledges. */
  readonly acknowledged: readonly AcknowledgedDiagnostic[];
  /** Something that could not be looked at, for people. */
  readonly notices: readonly string[];
  /** Whether hosted artifacts were compared with their files. */
  readonly hasLookedAtArtifacts: boolean;
}

/**
 * Reads a state from disk or from git, with its history where there is one, and checks it.
 *
 * @throws SourceError where git cannot be read; `source/repository-unreachable` when a commit is asked for outside
 *   git
 */
export async function validateState(request: ValidateRequest): Promise<ValidateReport> {
  const { root, repository: folder, path, ref, staged, base, inventory, now } = request;
  if (folder === undefined) {
    if (ref !== undefined || base !== undefined || staged !== undefined) {
      throw new SourceError("source/repository-unreachable", `\`${root}\` is not in a git repository`, {
        help: "leave --ref, --staged and --base away to check the files as they are",
      });
    }
    const source = worktreeSource(root, () => now);
    const { artifacts } = request;
    const found = await stateAt(source, { now, artifacts: artifacts === "missing" ? undefined : artifacts });
    const expected = await expectationFindings(found, { ...request, before: undefined });
    return {
      ...found,
      diagnostics: [...found.diagnostics, ...expected].sort(compareDiagnostics),
      notices: [],
      hasLookedAtArtifacts: artifacts !== undefined && artifacts !== "missing",
    };
  }
  const repository = await openRepository(folder);
  try {
    const source =
      staged === undefined
        ? localSource(repository, request, ref, now)
        : stagedSource(repository, path, staged.indexFile, now);
    const head = ref === undefined ? await headCommit(repository) : await resolveCommit(repository, ref);
    const start = base === undefined ? undefined : await startOf(repository, base, head);
    const before = start === undefined ? undefined : await readBase(repository, start, path);
    const artifacts = await listingOf(repository, request, start ?? head);
    const found = await stateAt(source, { now, before, artifacts });
    const { snapshot, diagnostics, acknowledged } = found;
    const expected = await expectationFindings(found, {
      ...{ path, now, inventory },
      before: start === undefined ? undefined : commitSource(repository, path, start),
    });
    const keys = await findCommittedKeys(repository, {
      path,
      ...{ head, base: start },
      staged: ref === undefined ? (staged ?? { indexFile: undefined }) : undefined,
      known: new Set(snapshot.files.map(({ blob }) => blob)),
    });
    const notices =
      base !== undefined && before === undefined
        ? [`\`${base}\` has no readable fleet.yaml: nothing was compared with it`]
        : [];
    return {
      snapshot,
      diagnostics: [...diagnostics, ...keys.diagnostics, ...expected].sort(compareDiagnostics),
      acknowledged,
      notices: [...notices, ...keys.notices],
      hasLookedAtArtifacts: artifacts !== undefined,
    };
  } finally {
    repository.close();
  }
}

/**
 * What is wrong with what the state expects of itself. With a state before the change it is looked at as if the change
 * were merged now.
 */
async function expectationFindings(
  { model, histories }: StateAt,
  {
    path,
    now,
    inventory,
    before,
  }: Pick<ValidateRequest, "path" | "now" | "inventory"> & { readonly before: StateSource | undefined },
): Promise<readonly Diagnostic[]> {
  if (model === undefined || model.expectations.size === 0) return [];
  // Most states have none, and nobody waits for what is not needed.
  const { lookAtExpectations } = await import("../expectations/look-at-expectations.ts");
  const base = before === undefined ? undefined : await stateAt(before, { now });
  const pathPrefix = path === "" ? "" : `${path}/`;
  const { diagnostics } = lookAtExpectations({ model, histories }, base, { now, inventory, pathPrefix });
  return diagnostics;
}

/** A folder of artifacts that git had, and that is gone, has lost every file; one that there never was is elsewhere. */
async function listingOf(
  repository: GitRepository,
  { artifacts, path }: ValidateRequest,
  commit: string | undefined,
): Promise<ArtifactListing | undefined> {
  if (artifacts !== "missing") return artifacts;
  const folder = path === "" ? "artifacts" : `${path}/artifacts`;
  const isGone = commit !== undefined && (await hasFolder(repository, commit, folder));
  return isGone ? new Map() : undefined;
}

/**
 * The commit from which the change is, seen from what it would be merged into: as in a plan, what came there since then is
 * nothing that the change took away. Without a common past it is that other side itself.
 */
async function startOf(repository: GitRepository, base: string, head: string | undefined): Promise<string> {
  const tip = await resolveCommit(repository, base);
  return (head === undefined ? undefined : await findMergeBase(repository, tip, head)) ?? tip;
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
  const source = commitSource(repository, path, base);
  return fleetModelOf(readState(await source.snapshot(await source.head())).sound);
}
