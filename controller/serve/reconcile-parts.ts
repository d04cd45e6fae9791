import type { PublishedManifest } from "../publish/published-manifest.ts";
import type { Publisher } from "../publish/publisher.ts";
import { readAcceptedRewind, settleAcceptance } from "../reconcile/accepted-commit.ts";
import type { ReconcileLoopParts } from "../reconcile/reconcile-loop.ts";
import type { ReconcileReport } from "../reconcile/report.ts";
import { ServedModel } from "../reconcile/served-model.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { StateCache } from "../state/state-cache.ts";
import { collectGarbage } from "./collect-garbage.ts";
import type { ReconcilingOptions } from "./controller-options.ts";
import type { FollowedSource } from "./followed-source.ts";
import { signatureJudge } from "./signature-judge.ts";

/**
 * Connects the reconcile loop to git, the keys, the state folder and who serves.
 *
 * @param onPublish told of the state of each manifest that git asks for, before it is served
 */
export function reconcileParts(
  options: ReconcilingOptions,
  source: FollowedSource,
  publisher: Publisher,
  serve: (manifest: PublishedManifest) => Promise<void>,
  report: ReconcileReport,
  onPublish: (model: FleetModel) => void,
  now: () => number,
): ReconcileLoopParts {
  const { signers, stateFolder } = options;
  const editing = options.source.worktree !== undefined;
  const cache = new StateCache();
  let hasPublished = false;
  // A work tree is published without its trust/, so that only development keys sign what is not committed.
  const signable = (model: FleetModel): FleetModel => (editing ? { ...model, trust: undefined } : model);
  return {
    source: source.reads,
    editing,
    accepted: () => readAcceptedRewind(stateFolder),
    judgeSignatures: signatureJudge(source.repository, signers, stateFolder, now),
    servedModel: new ServedModel(source.reads, cache),
    cache,
    gap: (model) => publisher.gap(signable(model)),
    publish: async (model, policies, at, removed) => {
      // A thread that has just begun has read all of the state: what that left would stand beside what is made now.
      if (!hasPublished) collectGarbage();
      hasPublished = true;
      const manifest = publisher.publish(signable(model), policies, at, removed);
      onPublish(model);
      return manifest;
    },
    settle: (outcome) => settleAcceptance(stateFolder, outcome),
    tidy: () => source.tidy(),
    takeOverlays: (overlays) => publisher.takeOverlays(overlays),
    publishOverlays: async (at) => publisher.publishOverlays(at),
    resign: async (manifest, at) => publisher.resign(manifest, at),
    serve,
    now,
    report,
  };
}
