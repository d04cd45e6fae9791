import type { HostedArtifacts } from "../http/manifest/hosted-artifacts.ts";
import type { PublishedManifest } from "../publish/published-manifest.ts";

/** What needs to be known of a manifest to have its artifacts ready. */
export type ServedArtifacts = Pick<PublishedManifest, "commit" | "artifacts">;

/** The hosted artifacts of a running controller. */
export interface HostedFiles {
  readonly serving: HostedArtifacts;
  /** Told of each manifest that is served; returns at once. */
  follow(manifest: ServedArtifacts): void;
  close(): Promise<void>;
}
