import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { type CheckedState, checkState } from "../rules/check-state.ts";
import type { ChannelHistories } from "../source/promotion-record.ts";
import type { Snapshot } from "../source/snapshot.ts";
import type { StateSource } from "../source/state-source.ts";
import type { ArtifactListing } from "../state/artifact-listing.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { readRemovedVersions } from "../state/removed-versions.ts";
import type { StateCache } from "../state/state-cache.ts";
import { readStatePath } from "../state/state-layout.ts";

export interface StateAtOptions {
  /** The commit to look at; absent: the one that the source says is due. */
  readonly commit?: string;
  /** Seconds since 1970. */
  readonly now: number;
  /** The state before the change. Adds the rules that compare. */
  readonly before?: FleetModel | undefined;
  /** The files of the artifact folder. Adds the rules about what is hosted. */
  readonly artifacts?: ArtifactListing | undefined;
  /** Keeps what was read, so that of the next snapshot only changed files are read. */
  readonly cache?: StateCache | undefined;
}

/** A state with its past, judged: what everybody who looks at a state starts from. */
export interface StateAt extends CheckedState {
  readonly snapshot: Snapshot;
  /** Absent outside git, and in a repository without a commit. */
  readonly histories: ChannelHistories | undefined;
}

/**
 * The state that a source holds: which commit is meant, its files, what its channels pointed to before, and every
 * mistake in it. Validate, plan, explain, simulate, the editing commands, export and reconcile all look through this,
 * so that none of them can see another state than the others.
 *
 * @throws SourceError
 */
export async function stateAt(source: StateSource, options: StateAtOptions): Promise<StateAt> {
  const { now, before, cache, artifacts } = options;
  const commit = options.commit ?? (await source.head());
  const snapshot = await source.snapshot(commit);
  const histories = await source.histories(commit);
  const added = before === undefined ? [] : addedVersions(snapshot, before);
  const removed = added.length === 0 ? [] : await source.removedVersions(commit, added);
  const checked = checkState(snapshot, {
    now,
    removedVersions: readRemovedVersions(removed),
    ...(histories === undefined ? {} : { histories }),
    ...(before === undefined ? {} : { before }),
    ...(artifacts === undefined ? {} : { artifacts }),
    ...(cache === undefined ? {} : { cache }),
  });
  if (checked.model !== undefined) filesOf.set(checked.model, snapshot.files);
  return { ...checked, snapshot, histories };
}

/** Of each model the files that it was read from. */
const filesOf = new KeptByIdentity<FleetModel, Snapshot["files"]>();

/** Version files that the state before did not have. */
function addedVersions({ files, change }: Snapshot, before: FleetModel): string[] {
  const isContinued = change !== undefined && change.since === filesOf.get(before);
  const candidates = isContinued
    ? change.files.values().filter((file) => file !== undefined)
    : files.values();
  return candidates.flatMap(({ path }) => (isAddedVersion(path, before) ? [path] : [])).toArray();
}

function isAddedVersion(path: string, before: FleetModel): boolean {
  // Most files are of tenants.
  if (!path.startsWith("products/")) return false;
  const place = readStatePath(path);
  if (place.kind !== "version") return false;
  return before.products.get(place.product)?.versions.has(place.name) !== true;
}
