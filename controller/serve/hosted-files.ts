import type { HostedArtifacts } from "../http/manifest/hosted-artifacts.ts";
import type { ServedManifest } from "../http/manifest/served-manifest.ts";
import type { PublishedArtifact } from "../publish/published-manifest.ts";

/** What needs to be known of a manifest to have its artifacts ready. */
export interface ServedArtifacts {
  readonly commit: string;
  /** By target path; read when they are first asked for, since most ways to host need none of it. */
  artifacts(): readonly (readonly [target: string, artifact: PublishedArtifact])[];
}

/** The hosted artifacts of a running controller. */
export interface HostedFiles {
  readonly serving: HostedArtifacts;
  /** Told of each manifest that is served; returns at once. */
  follow(manifest: ServedArtifacts): void;
  close(): Promise<void>;
}

export function servedArtifacts({ manifest: { commit, products } }: ServedManifest): ServedArtifacts {
  return { commit, artifacts: () => [...products.values()].flatMap(({ artifacts }) => [...artifacts]) };
}
