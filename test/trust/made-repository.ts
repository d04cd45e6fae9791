import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Metadata, MetadataKind, Signature } from "@tufjs/models";
import { fetchBytes } from "../../agent/fetch/fetch-bytes.ts";
import { TrustedRepository } from "../../agent/trust/trusted-repository.ts";
import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import { formatExpires } from "../../protocol/tuf/expiry-time.ts";
import { ed25519Key, keyId } from "../../protocol/tuf/identify-key.ts";
import { metadataFileName } from "../../protocol/tuf/name-files.ts";
import type { Key } from "../../protocol/tuf/roles.ts";

/** The time of every test here, in seconds since 1970. */
export const NOW = 1_800_000_000;
export const PRODUCT = "lantern";
/** `releaseRoleName(PRODUCT)`, as a type too. */
export const RELEASES = "releases-lantern";

/** JSON that a test may bend at will. */
export type Json = Record<string, unknown>;

export interface Signer {
  readonly id: string;
  readonly key: Key;
  readonly privateKey: KeyObject;
}

export function makeSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = ed25519Key(publicKey.export({ format: "der", type: "spki" }).subarray(-32));
  return { id: keyId(key), key, privateKey };
}

const KINDS = {
  root: MetadataKind.Root,
  targets: MetadataKind.Targets,
  snapshot: MetadataKind.Snapshot,
  timestamp: MetadataKind.Timestamp,
} as const;

function common(type: keyof typeof KINDS) {
  return { _type: type, spec_version: "1.0.31", version: 1, expires: formatExpires(NOW + 86_400) };
}

function listedFile(bytes: Buffer): { length: number; hashes: Record<string, string> } {
  return { length: bytes.length, hashes: { sha256: sha256Hex(bytes) } };
}

/**
 * A repository as Fairlead lays it out, made with another implementation (@tufjs/models) and served over real HTTP.
 * Tests change its documents or its files and publish again.
 */
export class MadeRepository {
  readonly signers = {
    root: [makeSigner()],
    targets: [makeSigner()],
    snapshot: [makeSigner()],
    timestamp: [makeSigner()],
    [POLICY_ROLE]: [makeSigner()],
    [RELEASES]: [makeSigner()],
  };
  consistent = true;
  readonly thresholds = { root: 1, targets: 1, snapshot: 1, timestamp: 1 };
  readonly versions = { root: 1, targets: 1, snapshot: 1, timestamp: 1, [POLICY_ROLE]: 1, [RELEASES]: 1 };
  readonly expires = {
    root: 86_400,
    targets: 86_400,
    snapshot: 86_400,
    timestamp: 86_400,
    delegated: 86_400,
  };
  /** Bytes of the targets of each delegated role, and what its custom says. */
  readonly documents = new Map<string, { role: string; bytes: Buffer; custom?: Json }>();
  /** What is served, by path: `metadata/...` and `targets/...`. */
  readonly files = new Map<string, Buffer>();
  /** Paths in the order that they were asked for. */
  readonly requests: string[] = [];
  etags = true;
  /** Put into each entity tag. */
  etagMark = "";

  addTarget(role: string, path: string, bytes: Buffer | string, custom?: Json): void {
    const content = Buffer.from(bytes);
    this.documents.set(path, { role, bytes: content, ...(custom === undefined ? {} : { custom }) });
  }

  rootDocument(): Json {
    const roles: Json = {};
    const keys: Json = {};
    for (const role of ["root", "targets", "snapshot", "timestamp"] as const) {
      roles[role] = { keyids: this.signers[role].map(({ id }) => id), threshold: this.thresholds[role] };
      for (const { id, key } of this.signers[role]) keys[id] = key;
    }
    return {
      ...common("root"),
      version: this.versions.root,
      expires: formatExpires(NOW + this.expires.root),
      consistent_snapshot: this.consistent,
      keys,
      roles,
    };
  }

  /** Signs through @tufjs/models: its reading, its canonical form, its output. */
  sign(type: keyof typeof KINDS, signed: Json, signers: readonly Signer[]): Buffer {
    const document = { signed, signatures: [] } as never;
    const metadata = Metadata.fromJSON(KINDS[type] as never, document) as unknown as Metadata<never>;
    for (const { id, privateKey } of signers) {
      metadata.sign(
        (data) => new Signature({ keyID: id, sig: sign(null, data, privateKey).toString("hex") }),
      );
    }
    return Buffer.from(JSON.stringify(metadata.toJSON()));
  }

  /** Puts a new version of the root into the chain, signed by the given keys as well as its own. */
  publishRoot(alsoBy: readonly Signer[] = []): void {
    const signers = new Set([...this.signers.root, ...alsoBy]);
    const name = `metadata/${this.versions.root}.root.json`;
    this.files.set(name, this.sign("root", this.rootDocument(), [...signers]));
  }

  /** Signs and lays out all but the root. Everything gets the version that `versions` says. */
  publish(change: (name: string, signed: Json) => Json = (_, signed) => signed): void {
    const delegated = [RELEASES, POLICY_ROLE] as const;
    const meta: Json = {};
    for (const role of delegated) {
      const signed = { ...common("targets"), version: this.versions[role], targets: this.targetsOf(role) };
      const dated = { ...signed, expires: formatExpires(NOW + this.expires.delegated) };
      meta[`${role}.json`] = this.place("targets", role, change(role, dated), this.signers[role]);
    }
    const delegations = {
      keys: Object.fromEntries(
        delegated.flatMap((role) => this.signers[role].map(({ id, key }) => [id, key])),
      ),
      roles: [
        this.delegation(RELEASES, `releases/${PRODUCT}/*/*/*`),
        this.delegation(POLICY_ROLE, "policy/*/*"),
      ],
    };
    const targets = { ...this.head("targets"), targets: {}, delegations };
    meta["targets.json"] = this.place("targets", "targets", change("targets", targets), this.signers.targets);
    const snapshot = change("snapshot", { ...this.head("snapshot"), meta });
    const snapshotMeta = this.place("snapshot", "snapshot", snapshot, this.signers.snapshot);
    const timestamp = change("timestamp", {
      ...this.head("timestamp"),
      meta: { "snapshot.json": snapshotMeta },
    });
    this.files.set("metadata/timestamp.json", this.sign("timestamp", timestamp, this.signers.timestamp));
  }

  /** A newer version of the given roles, and of what lists them. */
  bump(...roles: (keyof MadeRepository["versions"])[]): void {
    for (const role of new Set([...roles, "snapshot", "timestamp"] as const)) this.versions[role]++;
  }

  root(): Buffer {
    return this.file("metadata/1.root.json");
  }

  file(path: string): Buffer {
    const bytes = this.files.get(path);
    if (bytes === undefined) throw new Error(`no ${path}`);
    return bytes;
  }

  /** Signs what no sound library would, as an attacker with the keys can. */
  static signRaw(signed: unknown, signers: readonly Signer[]): Buffer {
    const bytes = canonicalBytes(signed);
    const signatures = signers.map(({ id, privateKey }) => ({
      keyid: id,
      sig: sign(null, bytes, privateKey).toString("hex"),
    }));
    return Buffer.from(JSON.stringify({ signatures, signed }));
  }

  /** Serves the files until the test ends. */
  async serve(t: TestContext): Promise<URL> {
    const server = createServer((request, response) => this.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent((request.url ?? "").slice(1));
    this.requests.push(path);
    const bytes = this.files.get(path);
    if (bytes === undefined) {
      response.writeHead(404).end();
      return;
    }
    const etag = `"${sha256Hex(bytes)}${this.etagMark}"`;
    if (this.etags && request.headers["if-none-match"] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    response.writeHead(200, this.etags ? { etag } : {}).end(bytes);
  }

  private head(role: "targets" | "snapshot" | "timestamp"): Json {
    return {
      ...common(role),
      version: this.versions[role],
      expires: formatExpires(NOW + this.expires[role]),
    };
  }

  private delegation(role: typeof RELEASES | typeof POLICY_ROLE, path: string) {
    return {
      name: role,
      keyids: this.signers[role].map(({ id }) => id),
      threshold: 1,
      terminating: true,
      paths: [path],
    };
  }

  private targetsOf(role: string): Json {
    const targets: Json = {};
    for (const [path, { role: owner, bytes, custom }] of this.documents) {
      if (owner !== role) continue;
      targets[path] = { ...listedFile(bytes), ...(custom === undefined ? {} : { custom }) };
      const slash = path.lastIndexOf("/") + 1;
      const name = `${path.slice(0, slash)}${this.consistent ? `${sha256Hex(bytes)}.` : ""}${path.slice(slash)}`;
      this.files.set(`targets/${name}`, bytes);
    }
    return targets;
  }

  private place(type: "targets" | "snapshot", role: string, signed: Json, signers: readonly Signer[]): Json {
    const bytes = this.sign(type, signed, signers);
    const name = metadataFileName(role);
    this.files.set(`metadata/${this.consistent ? `${signed.version}.${name}` : name}`, bytes);
    return { version: signed.version, ...listedFile(bytes) };
  }
}

/** A published repository with one release and one policy document. */
export function makeRepository(): MadeRepository {
  const repository = new MadeRepository();
  addRelease(repository, "1.0.0");
  repository.addTarget(POLICY_ROLE, `policy/product/${PRODUCT}.json`, JSON.stringify(PRODUCT_POLICY));
  repository.publishRoot();
  repository.publish();
  return repository;
}

export function addRelease(repository: MadeRepository, version: string): void {
  const path = `releases/${PRODUCT}/${version}/linux-x64/${PRODUCT}`;
  const custom = { product: PRODUCT, version, platform: "linux-x64", format: "binary", severity: "normal" };
  repository.addTarget(RELEASES, path, `#!/bin/sh\necho ${version}\n`, custom);
}

export const PRODUCT_POLICY = {
  kind: "product",
  schemaVersion: 1,
  commit: "0123456789abcdef0123456789abcdef01234567",
  product: PRODUCT,
  versionScheme: "semver",
  fleet: { defaultChannel: "stable" },
  channels: {
    stable: { current: { version: "1.0.0", at: NOW - 60, commit: "0123456789abcdef" }, previous: [] },
  },
  yanked: [],
};

/** A client of a served repository, with a clock that the test holds. */
export interface Client {
  readonly repository: TrustedRepository;
  readonly directory: string;
  /** Seconds since 1970; may be set. */
  now: number;
  /** Opens the same store again, as a new process would. */
  reopen(): TrustedRepository;
}

export async function makeClient(t: TestContext, made: MadeRepository, root = made.root()): Promise<Client> {
  const directory = makeDirectory(t);
  const base = await made.serve(t);
  const clock = { now: NOW };
  const open = () =>
    TrustedRepository.open({
      directory,
      metadataUrl: new URL("metadata/", base),
      targetsUrl: new URL("targets", base),
      now: () => clock.now,
      fetch: fetchBytes,
    });
  const repository = open();
  repository.init(root);
  return Object.assign(clock, { directory, reopen: open, repository });
}

export function makeDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "fairlead-trust-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The predicate for `assert.rejects` that wants one code of a `DomainError`. */
export function withCode(code: string) {
  return (error: unknown): boolean => {
    if (error instanceof Error && "code" in error && error.code === code) return true;
    throw error;
  };
}
