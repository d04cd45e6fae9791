import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type Exported, exportManifest } from "../publish/export-manifest.ts";
import { PublishError } from "../publish/publish-error.ts";
import { Publisher } from "../publish/publisher.ts";
import { readAcceptedRewind, settleAcceptance } from "../reconcile/accepted-commit.ts";
import type { SignatureRequirement } from "../reconcile/judge-signatures.ts";
import { describeOutcome, type ReconcileOutcome } from "../reconcile/outcome.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { ServedModel } from "../reconcile/served-model.ts";
import { GitSource, type GitSourceOptions } from "../source/git-source.ts";
import { lockStateFolder } from "../state-folder/lock-state-folder.ts";
import { signatureJudge } from "./signature-judge.ts";

export interface ExportRequest {
  readonly source: GitSourceOptions;
  readonly stateFolder: string;
  readonly devKeys: boolean;
  readonly onlineKeyFile: string | undefined;
  /** Only commits that one of them signed are exported; absent: any commit is. */
  readonly signers: SignatureRequirement | undefined;
  /** Folder of the hosted artifacts. */
  readonly artifactFolder: string;
  readonly out: string;
  /** Seconds since 1970. */
  readonly now: number;
}

export interface ExportedState extends Exported {
  readonly commit: string;
  readonly version: number;
  /** Seconds since 1970 after which agents refuse what was exported: export again before. */
  readonly expiresAt: number;
  /** Nothing that was published before is known in the state folder, so the waves of all promotions begin now. */
  readonly isFirst: boolean;
}

/**
 * One reconcile, whose manifest goes to a folder instead of a server. It publishes, so it has the state folder alone.
 *
 * @throws StateFolderError `folder/in-use`: a controller is at work
 * @throws PublishError `publish/refused` with every mistake of the commit, and what `exportManifest` throws
 */
export async function exportState(request: ExportRequest): Promise<ExportedState> {
  const lock = lockStateFolder(request.stateFolder, "export");
  try {
    return await publishAndExport(request);
  } finally {
    lock.release();
  }
}

async function publishAndExport(request: ExportRequest): Promise<ExportedState> {
  const { stateFolder, signers, now } = request;
  const { publisher, restored } = Publisher.open(request);
  const source = await GitSource.open(request.source);
  try {
    const { outcome, manifest, error } = await reconcile(
      {
        source,
        editing: false,
        accepted: () => readAcceptedRewind(stateFolder),
        judgeSignatures: signatureJudge(source.repository, signers, stateFolder, () => now),
        servedModel: new ServedModel(source),
        gap: (model) => publisher.gap(model),
        publish: async (model, policies, at, removed) => publisher.publish(model, policies, at, removed),
        now: () => now,
      },
      restored.manifest,
      true,
    );
    settleAcceptance(stateFolder, outcome);
    if (manifest === undefined) throw error ?? refusal(outcome);
    const exported = await exportManifest(manifest, request.artifactFolder, request.out);
    const { commit, version, expiresAt } = manifest;
    return { ...exported, commit, version, expiresAt, isFirst: restored.manifest === undefined };
  } finally {
    source.close();
  }
}

function refusal(outcome: ReconcileOutcome): PublishError {
  const diagnostics: readonly Diagnostic[] = outcome.kind === "refused" ? outcome.diagnostics : [];
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const help =
    errors.length > 0 ? { help: "run `fairlead validate` to see each mistake with its place" } : {};
  return new PublishError("publish/refused", describeOutcome(outcome), help);
}
