import type { ArtifactPlace } from "../artifacts/artifact-place.ts";
import { fetchLfs } from "../artifacts/fetch-lfs.ts";
import { originAddress } from "../artifacts/origin-address.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type ArtifactBytesOf, type Exported, exportManifest } from "../publish/export-manifest.ts";
import { PublishError } from "../publish/publish-error.ts";
import type { PublishedManifest } from "../publish/published-manifest.ts";
import { Publisher } from "../publish/publisher.ts";
import { readAcceptedRewind, settleAcceptance } from "../reconcile/accepted-commit.ts";
import type { SignatureRequirement } from "../reconcile/judge-signatures.ts";
import { describeOutcome, type ReconcileOutcome } from "../reconcile/outcome.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { ServedModel } from "../reconcile/served-model.ts";
import { GitSource, type GitSourceOptions } from "../source/git-source.ts";
import { lockStateFolder } from "../state-folder/lock-state-folder.ts";
import type { ServedArtifacts } from "./hosted-files.ts";
import { lfsArtifacts, openLfs } from "./lfs-parts.ts";
import { signatureJudge } from "./signature-judge.ts";

export interface ExportRequest {
  readonly source: GitSourceOptions;
  readonly stateFolder: string;
  readonly devKeys: boolean;
  readonly onlineKeyFile: string | undefined;
  /** Only commits that one of them signed are exported; absent: any commit is. */
  readonly signers: SignatureRequirement | undefined;
  readonly artifacts: ArtifactPlace;
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
    const exported = await exportManifest(manifest, await artifactBytes(request, manifest), request.out);
    const { commit, version, expiresAt } = manifest;
    return { ...exported, commit, version, expiresAt, isFirst: restored.manifest === undefined };
  } finally {
    source.close();
  }
}

/** Where the bytes of hosted artifacts are to be copied from; what Git LFS keeps is fetched first. */
async function artifactBytes(
  { artifacts: place, source }: ExportRequest,
  manifest: PublishedManifest,
): Promise<ArtifactBytesOf> {
  switch (place.kind) {
    case "folder":
      return (path) => ({ kind: "file", folder: place.folder, path });
    case "origin":
      return (path) => ({ kind: "left", address: requireAddress(place.prefix, path) });
    case "git-lfs": {
      const lfs = openLfs(source, place.folder, place.endpoint);
      try {
        const round = { signal: new AbortController().signal, isStale: () => false };
        const [problem] = (
          await fetchLfs(lfs, manifest.commit, lfsArtifacts(ofManifest(manifest)), round)
        ).values();
        if (problem !== undefined) throw problem;
      } finally {
        lfs.close();
      }
      const { objects } = lfs;
      return (_path, { sha256 }) => ({ kind: "file", folder: objects.folder, path: objects.pathOf(sha256) });
    }
  }
}

function ofManifest({ commit, artifacts }: PublishedManifest): ServedArtifacts {
  return { commit, artifacts: () => [...artifacts.values()].flatMap((some) => [...some]) };
}

function requireAddress(prefix: string, path: string): string {
  const address = originAddress(prefix, path);
  if (address !== undefined) return address;
  throw new PublishError("publish/artifact-missing", `\`${path}\` is no path that an origin can serve`, {
    help: "give it a plain path below artifacts/ in its version file",
  });
}

function refusal(outcome: ReconcileOutcome): PublishError {
  const diagnostics: readonly Diagnostic[] = outcome.kind === "refused" ? outcome.diagnostics : [];
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const help =
    errors.length > 0 ? { help: "run `fairlead validate` to see each mistake with its place" } : {};
  return new PublishError("publish/refused", describeOutcome(outcome), help);
}
