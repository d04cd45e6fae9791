import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { DesiredPolicies } from "../desired.ts";
import { readKeyFile } from "../keys/key-file.ts";
import type { SigningKey } from "../keys/signing-key.ts";
import { onlineKeyPath, openDevKeys, openTenantKeys } from "../keys/state-folder-keys.ts";
import { type DevKeys, signDevTrust } from "../publish/dev-trust.ts";
import { isDueForSigning, ONLINE_LIFETIMES } from "../publish/lifetimes.ts";
import { readOnlineRoles, trustOf } from "../publish/manifest-roles.ts";
import { ManifestStore, type TrustMode } from "../publish/manifest-store.ts";
import { PublishError } from "../publish/publish-error.ts";
import { publishManifest } from "../publish/publish-manifest.ts";
import type { PublishedManifest } from "../publish/published-manifest.ts";
import { artifactTargetPath, isExternalUrl } from "../publish/release-index.ts";
import { resignTimestamp } from "../publish/resign-timestamp.ts";
import type { FleetModel, TrustFiles } from "../state/fleet-model.ts";

export interface PublisherOptions {
  /** The controller's state folder: keys, and the last manifest. */
  readonly stateFolder: string;
  /** Make and use development keys for a state that has no `trust/`. */
  readonly devKeys: boolean;
  /** Key file of the online role; absent: its place in the state folder. */
  readonly onlineKeyFile: string | undefined;
}

/** What the publisher starts with. */
export interface Restored {
  readonly manifest?: PublishedManifest;
  /** Why what was stored cannot be served. */
  readonly damage?: PublishError;
}

/** Signs and stores manifests: the only place of a running controller that holds keys. */
export class Publisher {
  /** The key of a tenant, by name: its agents get it at enrolment. */
  readonly tenantKey: (tenant: string) => string;
  readonly #options: PublisherOptions;
  #devKeys: DevKeys | undefined;
  #mode: TrustMode;
  #store: ManifestStore;
  #versionFloor = 0;
  #previous: PublishedManifest | undefined;

  private constructor(options: PublisherOptions, mode: TrustMode, tenantKey: (tenant: string) => string) {
    this.#options = options;
    this.#mode = mode;
    this.#store = ManifestStore.open(options.stateFolder, mode, ONLINE_LIFETIMES);
    this.tenantKey = tenantKey;
  }

  /**
   * Opens the store and reads the last manifest of the mode that was in use.
   *
   * @throws PublishError, KeyError
   */
  static open(options: PublisherOptions): { readonly publisher: Publisher; readonly restored: Restored } {
    const hasPublishedForReal = existsSync(join(options.stateFolder, "manifest"));
    const mode = options.devKeys && !hasPublishedForReal ? "dev" : "trust";
    const publisher = new Publisher(options, mode, openTenantKeys(options.stateFolder));
    return { publisher, restored: publisher.#load() };
  }

  /**
   * Signs the manifest of a checked state and stores it.
   *
   * @throws PublishError, KeyError
   */
  publish(model: FleetModel, policies: DesiredPolicies, now: number): PublishedManifest {
    this.#enter(this.#modeOf(model));
    const manifest = publishManifest({
      commit: model.commit,
      policies,
      trust: this.#trustOf(model, now),
      artifactPaths: artifactPaths(model),
      onlineKey: this.#onlineKey(),
      tenantKey: this.tenantKey,
      previous: this.#previous,
      versionFloor: this.#versionFloor,
      now,
      lifetimes: ONLINE_LIFETIMES,
    });
    // A restart on the same commit publishes nothing: agents would fetch again what they have.
    if (this.#previous !== undefined && saysTheSame(this.#previous, manifest)) return this.#previous;
    return this.#keep(manifest);
  }

  /** Signs the timestamp anew once a third of its life has passed; `undefined`: not yet. */
  resign(manifest: PublishedManifest, now: number): PublishedManifest | undefined {
    const { timestamp } = readOnlineRoles(manifest.metadata);
    if (!isDueForSigning(timestamp.expires, ONLINE_LIFETIMES.timestamp, now)) return undefined;
    return this.#keep(resignTimestamp(manifest, this.#onlineKey(), now, ONLINE_LIFETIMES));
  }

  #keep(manifest: PublishedManifest): PublishedManifest {
    this.#store.save(manifest);
    this.#previous = manifest;
    return manifest;
  }

  #modeOf(model: FleetModel): TrustMode {
    if (model.trust !== undefined) return "trust";
    if (this.#options.devKeys) return "dev";
    throw new PublishError(
      "publish/no-trust",
      "the commit has no trust/ folder, so nobody has signed its releases",
      {
        help: "make keys with `fairlead keys init` and commit trust/, or try things out with --dev-keys",
      },
    );
  }

  #enter(mode: TrustMode): void {
    if (mode === this.#mode) return;
    this.#store = ManifestStore.open(this.#options.stateFolder, mode, ONLINE_LIFETIMES);
    this.#mode = mode;
    this.#load();
  }

  #load(): Restored {
    const { manifest, damage, versionFloor } = this.#store.load();
    this.#previous = manifest;
    this.#versionFloor = versionFloor;
    return { ...(manifest === undefined ? {} : { manifest }), ...(damage === undefined ? {} : { damage }) };
  }

  #trustOf(model: FleetModel, now: number): TrustFiles {
    if (model.trust !== undefined) return model.trust;
    const before = this.#previous === undefined ? undefined : trustOf(this.#previous.metadata);
    return signDevTrust(model, this.#openDevKeys(), before, now);
  }

  #onlineKey(): SigningKey {
    if (this.#mode === "dev") return this.#openDevKeys().online;
    return readKeyFile(this.#options.onlineKeyFile ?? onlineKeyPath(this.#options.stateFolder), "online");
  }

  #openDevKeys(): DevKeys {
    this.#devKeys ??= openDevKeys(this.#options.stateFolder);
    return this.#devKeys;
  }
}

/** Whether two manifests differ in nothing but the signatures and versions of the online roles. */
function saysTheSame(a: PublishedManifest, b: PublishedManifest): boolean {
  return (
    a.commit === b.commit &&
    isDeepStrictEqual(a.documents, b.documents) &&
    isDeepStrictEqual(a.artifacts, b.artifacts) &&
    isDeepStrictEqual(trustOf(a.metadata), trustOf(b.metadata))
  );
}

/** Where hosted artifacts lie, by target path. */
function artifactPaths(model: FleetModel): Map<string, string> {
  const paths = new Map<string, string>();
  for (const [product, { versions }] of model.products) {
    for (const { value } of versions.values()) {
      for (const artifact of value.artifacts) {
        if (isExternalUrl(artifact.url)) continue;
        paths.set(artifactTargetPath(product, value.version, artifact), artifact.url);
      }
    }
  }
  return paths;
}
