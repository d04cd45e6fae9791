import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { readKeyFile } from "../../controller/keys/key-file.ts";
import {
  listingOfTargets,
  metaFile,
  signPolicy,
  signSnapshot,
  signTimestamp,
} from "../../controller/publish/sign-online.ts";
import { signRole } from "../../controller/trust/sign-role.ts";
import type { SigningKey } from "../../controller/trust/signing-key.ts";
import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { productPolicyPath } from "../../protocol/manifest-names.ts";
import type { ProductPolicy } from "../../protocol/policy.ts";
import type {
  Envelope,
  MetaFile,
  SnapshotRole,
  TargetFile,
  TargetsRole,
  TimestampRole,
} from "../../protocol/tuf/roles.ts";
import { AgentMachine } from "../support/agent-machine.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { executable, PLATFORM, StateRepository } from "../support/state-repository.ts";

const POLICY_PATH = productPolicyPath("lantern");
const DAY = 86_400;

/** Who took over the controller: he serves what he likes, and his signatures of the online roles are genuine. */
class Attacker {
  private readonly upstream: string;
  private readonly key: SigningKey;
  private readonly files = new Map<string, Buffer>();
  private ahead = 0;
  url = "";

  private constructor(upstream: string, key: SigningKey) {
    this.upstream = upstream;
    this.key = key;
  }

  static async start(t: TestContext, controller: ControllerProcess): Promise<Attacker> {
    const key = readKeyFile(join(controller.stateDirectory, "dev-keys", "online.json"), "online");
    const attacker = new Attacker(controller.url, key);
    const server = createServer(async (request, response) => {
      const path = request.url ?? "/";
      const own = attacker.files.get(path);
      if (own !== undefined) {
        response.end(own);
        return;
      }
      const answer = await fetch(attacker.upstream + path, { headers: { "accept-encoding": "identity" } });
      response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    attacker.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return attacker;
  }

  async role<T>(name: string): Promise<T> {
    const response = await fetch(`${this.upstream}/tuf/${name}`);
    return ((await response.json()) as Envelope<never>).signed as T;
  }

  private snapshot = async (): Promise<SnapshotRole> => {
    const timestamp = await this.role<TimestampRole>("timestamp.json");
    return this.role<SnapshotRole>(`${timestamp.meta["snapshot.json"].version}.snapshot.json`);
  };

  async current<T>(role: string): Promise<T> {
    const version = (await this.snapshot()).meta[`${role}.json`]?.version;
    return this.role<T>(`${version}.${role}.json`);
  }

  async productPolicy(): Promise<ProductPolicy> {
    const listed = (await this.current<TargetsRole>("policy")).targets[POLICY_PATH];
    const name = `${dirname(POLICY_PATH)}/${listed?.hashes.sha256}.${basename(POLICY_PATH)}`;
    return (await (await fetch(`${this.upstream}/targets/${name}`)).json()) as ProductPolicy;
  }

  /** Serves a manifest with this policy, and with these other roles signed by the stolen key as well. */
  async publish(policy: ProductPolicy, roles: Readonly<Record<string, TargetsRole>> = {}): Promise<void> {
    const snapshot = await this.snapshot();
    this.ahead += 1000;
    const version = snapshot.version + this.ahead;
    const now = Math.floor(Date.now() / 1000);
    const lifetimes = { policy: DAY, snapshot: DAY, timestamp: DAY };
    const signing = { onlineKey: this.key, version, now, lifetimes };

    const document = canonicalBytes(policy);
    const sha256 = sha256Hex(document);
    this.files.set(`/targets/${dirname(POLICY_PATH)}/${sha256}.${basename(POLICY_PATH)}`, document);
    const listed = (await this.current<TargetsRole>("policy")).targets;
    const targets = { ...listed, [POLICY_PATH]: { length: document.length, hashes: { sha256 } } };
    const [policyName, policyBytes] = signPolicy(signing, policy.commit, listingOfTargets(targets));
    const meta: Record<string, MetaFile> = {
      ...snapshot.meta,
      "policy.json": metaFile(version, policyBytes),
    };
    this.files.set(`/tuf/${policyName}`, policyBytes);
    for (const [name, role] of Object.entries(roles)) {
      const bytes = signRole({ ...role, version: role.version + this.ahead }, [this.key]);
      meta[`${name}.json`] = metaFile(role.version + this.ahead, bytes);
      this.files.set(`/tuf/${role.version + this.ahead}.${name}.json`, bytes);
    }
    const [snapshotName, snapshotBytes] = signSnapshot(signing, meta);
    this.files.set(`/tuf/${snapshotName}`, snapshotBytes);
    const [timestampName, timestampBytes] = signTimestamp(signing, metaFile(version, snapshotBytes));
    this.files.set(`/tuf/${timestampName}`, timestampBytes);
  }

  /** Puts bytes of his own under a path of a target. */
  plant(path: string, bytes: Buffer): TargetFile {
    const sha256 = sha256Hex(bytes);
    this.files.set(`/targets/${dirname(path)}/${sha256}.${basename(path)}`, bytes);
    this.files.set(`/targets/${path}`, bytes);
    return {
      length: bytes.length,
      hashes: { sha256 },
      custom: {
        product: "lantern",
        version: "6.6.6",
        platform: PLATFORM,
        format: "binary",
        severity: "normal",
      },
    };
  }
}

async function prepare(t: TestContext) {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.1.0");
  await state.commit("lantern 1.1.0");
  const controller = await ControllerProcess.start(t, state.directory);
  const attacker = await Attacker.start(t, controller);
  const machine = await AgentMachine.create(t);
  await machine.enroll(attacker.url, await controller.rootFingerprint());
  const installed = await machine.agent("update");
  assert.equal(installed.code, 0, installed.stdout + installed.stderr);
  const stays = async (what: RegExp): Promise<void> => {
    const refused = await machine.agent("update");
    assert.equal(refused.code, 1, refused.stdout + refused.stderr);
    assert.match(refused.stdout + refused.stderr, what);
    assert.equal(await machine.installedVersion(), "1.1.0");
  };
  const pointing = (policy: ProductPolicy, version: string): ProductPolicy => ({
    ...policy,
    channels: { stable: { current: { version, at: 1, commit: "0".repeat(40) }, previous: [] } },
  });
  return { attacker, machine, stays, pointing };
}

const EVIL_PATH = `releases/lantern/6.6.6/${PLATFORM}/lantern`;

test("a stolen online key cannot sign a release: only the release key can", async (t) => {
  const { attacker, stays, pointing } = await prepare(t);
  const releases = await attacker.current<TargetsRole>("releases-lantern");
  const evil = attacker.plant(EVIL_PATH, Buffer.from(executable("6.6.6")));
  await attacker.publish(pointing(await attacker.productPolicy(), "6.6.6"), {
    "releases-lantern": { ...releases, targets: { ...releases.targets, [EVIL_PATH]: evil } },
  });
  await stays(/signature|threshold/);
});

test("a stolen online key cannot delegate releases to itself", async (t) => {
  const { attacker, stays, pointing } = await prepare(t);
  const targets = await attacker.current<TargetsRole>("targets");
  const releases = await attacker.current<TargetsRole>("releases-lantern");
  const policyKeys = targets.delegations?.roles.find(({ name }) => name === "policy")?.keyids ?? [];
  const evil = attacker.plant(EVIL_PATH, Buffer.from(executable("6.6.6")));
  assert.ok(targets.delegations);
  await attacker.publish(pointing(await attacker.productPolicy(), "6.6.6"), {
    targets: {
      ...targets,
      delegations: {
        ...targets.delegations,
        roles: targets.delegations.roles.map((role) => ({ ...role, keyids: [...policyKeys] })),
      },
    },
    "releases-lantern": { ...releases, targets: { ...releases.targets, [EVIL_PATH]: evil } },
  });
  await stays(/signature|threshold/);
});

test("a stolen online key cannot name a version that the release key never signed", async (t) => {
  const { attacker, stays, pointing } = await prepare(t);
  await attacker.publish(pointing(await attacker.productPolicy(), "6.6.6"));
  await stays(/6\.6\.6 is not a signed release/);
});

test("a stolen online key cannot take a machine back to a version that the release key did not declare safe", async (t) => {
  const { attacker, stays, pointing } = await prepare(t);
  const policy = pointing(await attacker.productPolicy(), "1.0.0");
  await attacker.publish(policy);
  await stays(/no rollback/);

  const channel = policy.channels.stable;
  assert.ok(channel);
  await attacker.publish({ ...policy, channels: { stable: { ...channel, rollback: { from: ["1.1.0"] } } } });
  await stays(/release key/);
});
