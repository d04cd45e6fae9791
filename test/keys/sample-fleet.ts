import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fetchBytes } from "../../agent/fetch/fetch-bytes.ts";
import { TrustedRepository } from "../../agent/trust/trusted-repository.ts";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import { keysOf } from "../../controller/keys/approvals.ts";
import type { Ceremony } from "../../controller/keys/ceremonies.ts";
import { type Held, holdCeremony, holdFirstCeremony } from "../../controller/keys/hold-ceremony.ts";
import { readKeyFolder } from "../../controller/keys/key-folder.ts";
import { KeySupply } from "../../controller/keys/key-supply.ts";
import { type KeysAtHand, signersAtHand } from "../../controller/keys/keys-at-hand.ts";
import { requestChange } from "../../controller/keys/prepare-request.ts";
import { readPresentTrust } from "../../controller/keys/present-trust.ts";
import type { SigningRequest } from "../../controller/keys/signing-request.ts";
import { PolicyDocuments } from "../../controller/publish/policy-documents.ts";
import { publishManifest } from "../../controller/publish/publish-manifest.ts";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { checkState } from "../../controller/rules/check-state.ts";
import { readWorktreeSnapshot } from "../../controller/source/read-worktree-snapshot.ts";
import type { FleetModel } from "../../controller/state/fleet-model.ts";
import type { TrustHolders } from "../../controller/trust/build-trust.ts";
import { ONLINE_LIFETIMES } from "../../controller/trust/lifetimes.ts";
import { readRole } from "../../controller/trust/read-role.ts";
import type { SigningKey } from "../../controller/trust/signing-key.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { NO_HISTORY } from "../publish/sample-model.ts";
import { temporaryFolder } from "../publish/sample-publisher.ts";
import { serveManifest } from "../publish/serve-manifest.ts";
import { StateRepository } from "../support/state-repository.ts";

/** Nobody is asked: what is encrypted stays closed. */
export const NO_PASSPHRASES = { toOpen: async () => undefined, forNewKeys: async () => "" };

/** A state with `trust/`, all private keys in one folder, and what a controller publishes of it. */
export class SampleFleet {
  readonly state: StateRepository;
  readonly keyFolder: string;
  /** Seconds since 1970. */
  now: number;
  manifest: PublishedManifest | undefined;
  private readonly t: TestContext;

  private constructor(t: TestContext, state: StateRepository, now: number) {
    this.t = t;
    this.state = state;
    this.keyFolder = join(state.directory, "keys");
    this.now = now;
  }

  static async create(t: TestContext, people = 1, threshold = 1, now = 1_800_000_000): Promise<SampleFleet> {
    const state = await StateRepository.create(t);
    await state.addVersion("1.0.0");
    await state.point("stable", "1.0.0");
    const fleet = new SampleFleet(t, state, now);
    await holdFirstCeremony(fleet.root, fleet.keyFolder, { people, names: [], threshold }, now);
    return fleet;
  }

  get root(): string {
    return this.state.directory;
  }

  get keys(): KeysAtHand {
    return { folder: this.keyFolder, commands: [], passphrases: NO_PASSPHRASES };
  }

  /** What a ceremony asks to be signed; its new keys are in the supply and in no file. */
  async request(
    build: (holders: TrustHolders, supply: KeySupply) => Ceremony,
    supply = new KeySupply(this.keyFolder, []),
  ): Promise<SigningRequest> {
    const present = await readPresentTrust(this.root, this.now);
    return requestChange(present, build(present.holders, supply), this.now);
  }

  /** Holds a ceremony with every key of the folder; a minute passes. */
  async hold(build: (holders: TrustHolders, supply: KeySupply) => Ceremony): Promise<Held> {
    this.now += 60;
    const supply = new KeySupply(this.keyFolder, []);
    const request = await this.request(build, supply);
    const present = (await readPresentTrust(this.root, this.now)).files;
    const signers = signersAtHand(this.keys, keysOf(request));
    return holdCeremony({ root: this.root, request, present, signers, made: supply.made(), now: this.now });
  }

  /** The state as `validate` judges it: there must be nothing to say. */
  async model(): Promise<FleetModel> {
    const snapshot = await readWorktreeSnapshot(this.root, this.now);
    const commit = sha256Hex(String(this.now)).slice(0, 40);
    const { model, diagnostics } = checkState({ ...snapshot, commit }, { now: this.now });
    assert.deepEqual(
      diagnostics.map(({ rule, file, message }) => `${rule} ${file}: ${message}`),
      [],
    );
    assert.ok(model);
    return model;
  }

  /** Publishes the state with the online key that its root names. */
  async publish(previous = this.manifest): Promise<PublishedManifest> {
    const model = await this.model();
    const { trust } = model;
    assert.ok(trust);
    const policies = desiredPolicies(model, NO_HISTORY);
    const documents = new PolicyDocuments((tenant) => sha256Hex(tenant));
    this.manifest = publishManifest({
      commit: model.commit,
      ...policies,
      write: (before) => documents.write(policies, before?.documents),
      trust,
      hosted: new Map(),
      removed: undefined,
      onlineKey: this.onlineKey(),
      previous,
      versionFloor: 0,
      now: this.now,
      lifetimes: ONLINE_LIFETIMES,
    });
    return this.manifest;
  }

  onlineKey(): SigningKey {
    const { roles } = readRole("root", this.newestRoot()).role;
    const file = readKeyFolder(this.keyFolder).find(({ publicKey }) =>
      roles.timestamp.keyids.includes(publicKey.keyid),
    );
    const key = file?.unlock();
    assert.ok(key, "the folder holds the online key");
    return key;
  }

  newestRoot(): Buffer {
    const folder = join(this.root, "trust", "root");
    const numbers = readdirSync(folder).map((name) => Number.parseInt(name, 10));
    return readFileSync(join(folder, `${Math.max(...numbers)}.root.json`));
  }

  /** An agent's client, enrolled with the first root, that reads what `current` gives over real HTTP. */
  async agent(current: () => PublishedManifest = () => this.published()): Promise<TrustedRepository> {
    const url = await serveManifest(this.t, current);
    const repository = TrustedRepository.open({
      directory: temporaryFolder(this.t),
      metadataUrl: new URL("tuf/", url),
      targetsUrl: new URL("targets/", url),
      now: () => this.now,
      fetch: fetchBytes,
    });
    repository.init(readFileSync(join(this.root, "trust/root/1.root.json")));
    return repository;
  }

  published(): PublishedManifest {
    assert.ok(this.manifest, "nothing was published yet");
    return this.manifest;
  }
}
