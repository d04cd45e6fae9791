import { compareDiagnostics } from "../diagnostics/compare-diagnostics.ts";
import type { AcknowledgedDiagnostic, Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ChannelHistories } from "../source/promotion-record.ts";
import type { Snapshot } from "../source/snapshot.ts";
import type { ArtifactListing } from "../state/artifact-listing.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { readState } from "../state/read-state.ts";
import type { RemovedVersion } from "../state/removed-versions.ts";
import type { StateCache } from "../state/state-cache.ts";
import { acknowledgeFindings } from "./acknowledge-findings.ts";
import { RULES } from "./rules.ts";
import { runRules } from "./run-rules.ts";

export interface CheckOptions {
  /** Seconds since 1970: whether a pin has expired or a channel is stale depends on it. */
  readonly now: number;
  /** The state before the change. Adds the rules that compare. */
  readonly before?: FleetModel;
  /** Adds the rules about what channels pointed to before. */
  readonly histories?: ChannelHistories;
  /** What version files said that were removed and are there again, by path. */
  readonly removedVersions?: ReadonlyMap<string, RemovedVersion>;
  /** The files of the artifact folder. Adds the rules about what is hosted. */
  readonly artifacts?: ArtifactListing;
  /** Keeps what was read, so that of the next snapshot only changed files are read. */
  readonly cache?: StateCache;
}

export interface CheckedState {
  /** `undefined` if and only if there is an error. */
  readonly model: FleetModel | undefined;
  /** All findings of one run that count, in the order in which they are shown. */
  readonly diagnostics: readonly Diagnostic[];
  /** Warnings that the state acknowledges: nobody counts them, and `validate` lists them. */
  readonly acknowledged: readonly AcknowledgedDiagnostic[];
}

/**
 * The one judgement on a state: `validate`, reconcile, `plan` and the editing commands all ask it. Reads every file
 * by itself, runs the rules over what could be read, and sets aside the warnings that the state acknowledges. Pure;
 * never throws for any content.
 */
export function checkState(snapshot: Snapshot, options: CheckOptions): CheckedState {
  const { cache, ...rest } = options;
  const reading = readState(snapshot, cache === undefined ? {} : { cache });
  const context = { state: reading.sound, ...rest };
  const found = [...reading.diagnostics, ...runRules(RULES, context)];
  const judged = acknowledgeFindings(RULES, context, found, reading.model !== undefined);
  const diagnostics = judged.diagnostics.toSorted(compareDiagnostics);
  const acknowledged = judged.acknowledged.toSorted(compareDiagnostics);
  const isRefused = diagnostics.some(({ severity }) => severity === "error");
  return { model: isRefused ? undefined : reading.model, diagnostics, acknowledged };
}
