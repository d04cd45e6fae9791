import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { DomainError } from "../../protocol/domain-error.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { releaseTargetPath, tenantPolicyPath } from "../../protocol/manifest-names.ts";
import type { ProductPolicy } from "../../protocol/policy.ts";
import { own } from "../../protocol/scope.ts";
import { applyOverlays, endOf, overlaysOf, stricterOf, withNews } from "../desired/apply-overlays.ts";
import type { DesiredPolicies } from "../desired/desired-policies.ts";
import type { Overlay } from "../desired/overlay.ts";
import { makeFolder } from "../files/make-folder.ts";
import { readKeyFile } from "../keys/key-file.ts";
import {
  isRenamingAllowed,
  openTenantKeys,
  otherNamingSecret,
  type TenantKeys,
} from "../keys/naming-secret.ts";
import { hasDevKeys, onlineKeyPath, openDevKeys } from "../keys/state-folder-keys.ts";
import type { RemovedState } from "../source/removed-state.ts";
import type { ArtifactLocation } from "../state/artifact-location.ts";
import { readArtifactLocation, writeArtifactLocation } from "../state/artifact-location.ts";
import type { FleetModel, ProductModel, TrustFiles } from "../state/fleet-model.ts";
import { artifactTargetPath, deltaFile } from "../state/version-release.ts";
import { type DevKeys, signDevTrust } from "../trust/dev-trust.ts";
import { areSound } from "../trust/ed25519.ts";
import { isDueForSigning, ONLINE_LIFETIMES, type OnlineLifetimes } from "../trust/lifetimes.ts";
import { readRole } from "../trust/read-role.ts";
import type { SigningKey } from "../trust/signing-key.ts";
import { checkContinuity } from "./check-continuity.ts";
import { readOnlineRoles, trustOf } from "./manifest-roles.ts";
import { PolicyDocuments, replaceDocuments } from "./policy-documents.ts";
import { PublishError } from "./publish-error.ts";
import { publishManifest } from "./publish-manifest.ts";
import type { PublishedArtifact, PublishedManifest } from "./published-manifest.ts";
import { publishedPolicies } from "./published-policies.ts";
import { resignTimestamp } from "./resign-timestamp.ts";
import { ManifestStore, type TrustMode } from "./store/manifest-store.ts";
import type { LoadedManifest, PublicationStore } from "./store/publication-store.ts";

const DAY = 86_400;

export interface PublisherOptions {
  /** The controller's state folder: keys, and the last manifest. */
  readonly stateFolder: string;
  /** Make and use development keys for a state that has no `trust/`. */
  readonly devKeys: boolean;
  /** Key file of the online role; absent: its place in the state folder. */
  readonly onlineKeyFile: string | undefined;
  readonly lifetimes?: OnlineLifetimes;
}

/** What an earlier run left, to be served until the first reconcile is done. */
export type Restored = Pick<LoadedManifest, "manifest" | "damage">;

/**
 * Signs what a reconcile asks for and keeps the last result on disk. The one place of the controller that holds its
 * keys; what it returns is complete and stored.
 */
export class Publisher {
  private readonly options: PublisherOptions;
  private readonly lifetimes: OnlineLifetimes;
  private readonly writer: PolicyDocuments;
  private opened: OpenedStore | undefined;
  /** What the fleet's store says that policy has besides what git says; absent: nobody has said. */
  private overlays: readonly Overlay[] | undefined;
  private tenantKeys: TenantKeys | undefined;

  private constructor(options: PublisherOptions) {
    this.options = options;
    this.lifetimes = options.lifetimes ?? ONLINE_LIFETIMES;
    this.writer = new PolicyDocuments((tenant) => this.tenantKey(tenant));
  }

  /**
   * The secret of a tenant, by name: 64 hexadecimal digits, which its agents get at enrolment.
   *
   * @throws KeyError `keys/no-naming-secret`, `keys/unreadable`
   */
  tenantKey(tenant: string): string {
    const { stateFolder, onlineKeyFile } = this.options;
    this.tenantKeys ??= openTenantKeys({
      stateFolder,
      besideOnlineKey: onlineKeyFile === undefined ? undefined : dirname(onlineKeyFile),
      // Who tries things out gives the controller no secrets.
      mayMake: this.opened?.mode === "dev" && !ManifestStore.hasPublished(stateFolder),
    });
    return this.tenantKeys(tenant);
  }

  /**
   * Makes the state folder on first use, for its owner only, and reads the last manifest: that of production if there
   * ever was one.
   *
   * @throws PublishError, KeyError
   */
  static open(options: PublisherOptions): { readonly publisher: Publisher; readonly restored: Restored } {
    const { stateFolder, devKeys } = options;
    requireSoundSigning();
    makeFolder(stateFolder, 0o700);
    const publisher = new Publisher(options);
    if (ManifestStore.exists(stateFolder, "trust")) publisher.opened = publisher.openStore("trust");
    else if (devKeys) publisher.opened = publisher.openStore("dev");
    return { publisher, restored: publisher.opened ?? {} };
  }

  /**
   * Whether agents may have been shown roles that the stored manifest does not know: before the first publish of this
   * process, because the state folder may be new, damaged, or an old copy. Then history must tell what was removed
   * since the commit that it knows.
   *
   * @throws PublishError, KeyError
   */
  gap(model: FleetModel): { readonly since: string | undefined } | undefined {
    const store = this.storeFor(model);
    return store.hasPublished ? undefined : { since: store.manifest?.commit };
  }

  /**
   * Signs and stores the manifest of a commit. Where nothing changed since the last one, that one stays.
   *
   * @param now seconds since 1970
   * @param removed what history has removed in the gap, where there is one
   * @throws PublishError
   * @throws KeyError when a key cannot be read
   */
  publish(
    model: FleetModel,
    policies: DesiredPolicies,
    now: number,
    removed?: RemovedState,
  ): PublishedManifest {
    const store = this.storeFor(model);
    const previous = store.manifest;
    this.requireNames(store, policies);
    const trust = model.trust ?? this.signDevTrust(model, store, now);
    const onlineKey = this.onlineKeyFor(store, trust);
    const startsAnew = previous !== undefined && recoversFromFastForward(previous, trust, now);
    if (startsAnew) checkContinuity(trustOf(previous.metadata), trust);
    const known = startsAnew ? undefined : previous;
    const products = publishedPolicies(policies.products, known?.products, {
      commit: model.commit,
      keysAreNew: store.keysAreNew,
      overlays: this.overlaysOver(previous),
      now: clockOf(model, known, now),
    });
    const manifest = publishManifest({
      commit: model.commit,
      products,
      tenants: policies.tenants,
      write: (before) => this.writer.write({ ...policies, products }, before?.documents),
      trust,
      hosted: hostedArtifacts(model),
      onlineKey,
      previous: known,
      removed,
      versionFloor: startsAnew ? 0 : store.versionFloor,
      now,
      lifetimes: this.lifetimes,
    });
    // From here on the old key would have nothing more to sign; until here it had to keep the old manifest fresh.
    store.onlineKey = onlineKey;
    store.hasPublished = true;
    // What this commit has ended does not come back when a later one takes its word back.
    this.overlays = this.overlays?.filter((overlay) => !hasEnded(overlay, products));
    if (previous !== undefined && !startsAnew && isSameContent(previous, manifest)) {
      // What it says is held as the commit says it, so that an earlier run's copy of all that is not held beside it.
      const { documents, tenants, products: values, artifacts } = manifest;
      const kept = { ...previous, documents, tenants, products: values, artifacts };
      store.manifest = kept;
      return this.resign(kept, now) ?? kept;
    }
    store.keep(manifest, previous?.version, startsAnew);
    return manifest;
  }

  /**
   * Takes what the fleet's store says is to be added to policy. What is published already stays: the stricter of both
   * counts at a start, and a halt ends by a commit alone, never because the store has forgotten it. Nothing is published
   * by this call.
   */
  takeOverlays(overlays: readonly Overlay[]): void {
    this.overlays =
      this.overlays === undefined
        ? stricterOf(overlaysOfManifest(this.opened?.manifest), overlays)
        : withNews(this.overlays, overlays);
  }

  /**
   * Publishes the served commit again where overlays change what its policy says. Everything comes from the manifest that
   * is stored, so this needs neither git nor a commit that is good, and takes no longer than signing.
   *
   * @returns the new manifest, stored; `undefined` where it would say the same
   * @throws PublishError
   * @throws KeyError when the online key cannot be read
   */
  publishOverlays(now: number): PublishedManifest | undefined {
    const store = this.opened;
    const previous = store?.manifest;
    if (store === undefined || previous === undefined) return undefined;
    const { commit, products, tenants, documents } = previous;
    const served = new Map([...products].map(([name, { policy }]) => [name, policy]));
    const policies = applyOverlays(served, this.overlaysOver(previous), products);
    const changed = [...policies.values()].filter((policy) => served.get(policy.product) !== policy);
    if (changed.length === 0) return undefined;
    const trust = trustOf(previous.metadata);
    const onlineKey = this.onlineKeyFor(store, trust);
    const manifest = publishManifest({
      commit,
      products: policies,
      tenants,
      write: () => replaceDocuments(documents, changed),
      trust,
      hosted: undefined,
      onlineKey,
      previous,
      removed: undefined,
      versionFloor: store.versionFloor,
      now,
      lifetimes: this.lifetimes,
    });
    store.onlineKey = onlineKey;
    store.keep(manifest, previous.version);
    return manifest;
  }

  private overlaysOver(previous: PublishedManifest | undefined): readonly Overlay[] {
    return withNews(overlaysOfManifest(previous), this.overlays ?? []);
  }

  /**
   * Signs the timestamp again when it, or an online role that it leads to, has passed a third of its life.
   *
   * @returns the new manifest, stored; `undefined` when it is not yet due
   */
  resign(served: PublishedManifest, now: number): PublishedManifest | undefined {
    if (this.opened === undefined || !this.isDue(served, now)) return undefined;
    const manifest = resignTimestamp(served, this.opened.onlineKey, now, this.lifetimes);
    this.opened.keep(manifest, served.version);
    return manifest;
  }

  private isDue(manifest: PublishedManifest, now: number): boolean {
    const { timestamp, snapshot, policy, bins } = readOnlineRoles(manifest.metadata);
    return (
      isDueForSigning(timestamp.expires, this.lifetimes.timestamp, now) ||
      isDueForSigning(snapshot.expires, this.lifetimes.snapshot, now) ||
      [policy, ...bins.values()].some(({ expires }) => isDueForSigning(expires, this.lifetimes.policy, now))
    );
  }

  /**
   * Refuses to rename the policies of tenants: their machines would find nothing any more. Only a person can know that
   * it is meant.
   */
  private requireNames({ mode, hasPublished, manifest }: OpenedStore, { tenants }: DesiredPolicies): void {
    if (hasPublished) return;
    const [tenant] = tenants.keys();
    // In development the secret is made with the other keys, before anything is published without it.
    if (mode === "dev" || tenant !== undefined) this.tenantKey(tenant ?? "");
    const [published] = manifest?.tenants.keys() ?? [];
    if (tenant === undefined || manifest === undefined || published === undefined) return;
    if (manifest.documents.has(tenantPolicyPath(this.tenantKey(published)))) return;
    if (isRenamingAllowed(this.options.stateFolder)) return;
    // It may be put right while this process runs.
    this.tenantKeys = undefined;
    throw otherNamingSecret(this.options.stateFolder);
  }

  private storeFor(model: FleetModel): OpenedStore {
    const mode: TrustMode = model.trust === undefined ? "dev" : "trust";
    if (mode === "dev" && !this.options.devKeys) {
      throw new PublishError(
        "publish/no-trust",
        "the commit has no trust/ folder, so nothing says whose keys count",
        {
          help: "run `fairlead keys init` and commit trust/, or try things out with --dev-keys",
        },
      );
    }
    if (this.opened?.mode !== mode) this.opened = this.openStore(mode);
    return this.opened;
  }

  private openStore(mode: TrustMode): OpenedStore {
    const { stateFolder } = this.options;
    const store = ManifestStore.open(stateFolder, mode, this.lifetimes);
    if (mode === "dev") {
      const keysAreNew = !hasDevKeys(stateFolder);
      const devKeys = openDevKeys(stateFolder);
      return new OpenedStore(mode, store, devKeys.online, devKeys, keysAreNew);
    }
    return new OpenedStore(mode, store, this.readOnlineKey(), undefined, false);
  }

  private readOnlineKey(): SigningKey {
    const path = this.options.onlineKeyFile ?? onlineKeyPath(this.options.stateFolder);
    if (existsSync(path)) return readKeyFile(path, "online");
    throw new PublishError("publish/no-online-key", `there is no online key at \`${path}\``, {
      help: "`fairlead init` and `fairlead keys init` put it into keys/ beside the state: copy it there with naming-secret, or name it with --online-key FILE",
    });
  }

  /** The key in use, or what has taken its place in the file where the commit names another one: it was rotated. */
  private onlineKeyFor({ mode, onlineKey }: OpenedStore, trust: TrustFiles): SigningKey {
    return mode === "dev" || onlineKeyIds(trust).includes(onlineKey.keyid) ? onlineKey : this.readOnlineKey();
  }

  private signDevTrust(model: FleetModel, { devKeys, manifest }: OpenedStore, now: number): TrustFiles {
    if (devKeys === undefined) throw new PublishError("publish/no-trust", "development keys are not in use");
    return signDevTrust(model, devKeys, manifest === undefined ? undefined : trustOf(manifest.metadata), now);
  }
}

/** What is signed by one implementation and would be refused by another must not be served. @throws PublishError */
function requireSoundSigning(): void {
  if (areSound()) return;
  throw new PublishError(
    "publish/signing-unsound",
    "the two implementations of Ed25519 do not sign a known message alike",
    { help: "start it with the Node that it comes with, and without options for OpenSSL; else report it" },
  );
}

/** One store with its keys and what was last put into it. */
class OpenedStore {
  readonly mode: TrustMode;
  readonly devKeys: DevKeys | undefined;
  /** They were made when the store was opened, so that no machine can trust them from before. */
  readonly keysAreNew: boolean;
  readonly damage?: PublishError;
  versionFloor: number;
  onlineKey: SigningKey;
  manifest?: PublishedManifest;
  /** Whether this process has. */
  hasPublished = false;
  private readonly store: PublicationStore;

  constructor(
    mode: TrustMode,
    store: PublicationStore,
    onlineKey: SigningKey,
    devKeys: DevKeys | undefined,
    keysAreNew: boolean,
  ) {
    this.mode = mode;
    this.store = store;
    this.onlineKey = onlineKey;
    this.devKeys = devKeys;
    this.keysAreNew = keysAreNew;
    const { manifest, damage, versionFloor } = store.load();
    if (manifest !== undefined) this.manifest = manifest;
    if (damage !== undefined) this.damage = damage;
    this.versionFloor = versionFloor;
  }

  /** Makes a manifest the one that is stored, in the place of the one that it was made from. */
  keep(manifest: PublishedManifest, replaces: number | undefined, startsAnew = false): void {
    this.store.publish(manifest, { replaces, startsAnew });
    this.manifest = manifest;
    if (startsAnew) this.versionFloor = 0;
  }
}

function overlaysOfManifest(manifest: PublishedManifest | undefined): Overlay[] {
  return overlaysOf([...(manifest?.products.values() ?? [])].map(({ policy }) => policy));
}

function hasEnded(overlay: Overlay, products: ReadonlyMap<string, ProductPolicy>): boolean {
  const channel = own(products.get(overlay.product)?.channels, overlay.channel);
  return channel !== undefined && endOf(overlay, channel) !== undefined;
}

/**
 * The time by which promotions begin. A clock that is behind both the last publication and the commit has been set
 * wrongly: by it what has begun would begin long ago, and all waves would open as soon as somebody sets it right.
 */
function clockOf(model: FleetModel, published: PublishedManifest | undefined, now: number): number {
  return Math.max(now, Math.min(published?.signedAt ?? 0, model.committedAt));
}

/**
 * Whether versions may begin at the clock again. A thief of the online key can have driven them so high that none can
 * follow; agents forget them when the key is withdrawn (TUF 1.0, section 5.3.11).
 */
function recoversFromFastForward(previous: PublishedManifest, trust: TrustFiles, now: number): boolean {
  const next = onlineKeyIds(trust);
  const isWithdrawn = onlineKeyIds(trustOf(previous.metadata)).some((keyid) => !next.includes(keyid));
  return isWithdrawn && previous.version > now + DAY;
}

/** The keys that the newest root lets sign the timestamp; none where it cannot be read, which is said elsewhere. */
function onlineKeyIds({ roots }: TrustFiles): readonly string[] {
  const bytes = roots.get(Math.max(...roots.keys()));
  try {
    return bytes === undefined ? [] : readRole("root", bytes).role.roles.timestamp.keyids;
  } catch (error) {
    if (error instanceof DomainError) return [];
    throw error;
  }
}

type Artifacts = ReadonlyMap<string, PublishedArtifact>;
type HostedPaths = ReadonlyMap<string, ArtifactLocation>;

/** Of each product, where the artifacts lie that are hosted here, by target path. */
function hostedArtifacts({ products }: FleetModel): Map<string, HostedPaths> {
  return new Map([...products].map(([name, product]) => [name, hostedOf(product)]));
}

const knownHosted = new KeptByIdentity<
  ProductModel["versions"],
  { readonly product: string; readonly hosted: HostedPaths }
>();

function hostedOf({ name, versions }: ProductModel): HostedPaths {
  const before = knownHosted.get(versions);
  if (before?.product === name) return before.hosted;
  const hosted = new Map<string, ArtifactLocation>();
  for (const { value } of versions.values()) {
    for (const artifact of value.artifacts) {
      if (artifact.url === undefined) continue;
      const location = readArtifactLocation(artifact.url);
      const target = artifactTargetPath(name, value.version, artifact);
      if (location.kind === "hosted" && !hosted.has(target)) hosted.set(target, location);
      for (const delta of artifact.deltas ?? []) {
        const at = readArtifactLocation(delta.url);
        const beside = releaseTargetPath(name, value.version, artifact.platform, deltaFile(delta));
        if (at.kind === "hosted" && !hosted.has(beside)) hosted.set(beside, at);
      }
    }
  }
  knownHosted.set(versions, { product: name, hosted });
  return hosted;
}

/** Whether two manifests differ in nothing but when they were signed: a restart is no publication. */
function isSameContent(a: PublishedManifest, b: PublishedManifest): boolean {
  return (
    a.commit === b.commit &&
    sameBytes(a.documents, b.documents) &&
    sameTrust(trustOf(a.metadata), trustOf(b.metadata)) &&
    a.artifacts.size === b.artifacts.size &&
    [...b.artifacts].every(([product, artifacts]) => hasSameLocations(a.artifacts.get(product), artifacts))
  );
}

function hasSameLocations(a: Artifacts | undefined, b: Artifacts): boolean {
  if (a === b) return true;
  return (
    a?.size === b.size &&
    b.entries().every(([target, { location }]) => isSameLocation(a.get(target)?.location, location))
  );
}

function isSameLocation(a: ArtifactLocation | undefined, b: ArtifactLocation): boolean {
  return a !== undefined && writeArtifactLocation(a) === writeArtifactLocation(b);
}

function sameTrust(a: TrustFiles, b: TrustFiles): boolean {
  return (
    a.targets?.equals(b.targets ?? Buffer.alloc(0)) === true &&
    sameBytes(a.roots, b.roots) &&
    sameBytes(a.releases, b.releases)
  );
}

function sameBytes<Key>(a: ReadonlyMap<Key, Buffer>, b: ReadonlyMap<Key, Buffer>): boolean {
  if (a.size !== b.size) return false;
  // There may be many: they are not listed for it.
  for (const [key, bytes] of a) if (b.get(key)?.equals(bytes) !== true) return false;
  return true;
}
