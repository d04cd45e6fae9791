import type { PublishError } from "../publish-error.ts";
import type { PublishedManifest } from "../published-manifest.ts";

/** What a store holds at a start. */
export interface LoadedManifest {
  /** The last complete manifest; absent where nothing was ever published. */
  readonly manifest?: PublishedManifest;
  /** Why what is stored cannot be used. */
  readonly damage?: PublishError;
  /** The highest version that any stored file carries, complete or not: none is ever used again. */
  readonly versionFloor: number;
}

/** How a manifest follows what is stored. */
export interface Succession {
  /** Version of the manifest that it was made from; `undefined`: from none. */
  readonly replaces: number | undefined;
  /** Whether nothing of the one before is kept, whatever its versions. */
  readonly startsAnew: boolean;
}

/**
 * Where manifests are published. A publisher signs what follows one certain manifest, and says which: a version number
 * is never used for two contents, however many controllers there are, if a store lets only one successor of each
 * manifest in. One that several controllers share compares and changes in one step (`UPDATE ... WHERE version = ...`).
 */
export interface PublicationStore {
  /** Reads and verifies the last complete manifest; call it once, before the first `publish`. */
  load(): LoadedManifest;
  /**
   * Makes a manifest the last one, durably.
   *
   * @throws PublishError `publish/superseded`: what is stored is not what it replaces; nothing was changed
   * @throws PublishError `publish/version-reused`: a stored file of that name has other bytes
   * @throws SystemError
   */
  publish(manifest: PublishedManifest, succession: Succession): void;
}
