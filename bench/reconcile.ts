/**
 * From a commit to a signed manifest on disk, in a running controller: 10,000 files for the first time, and again
 * after a commit that changes one of them. Beside a program that only reads and parses the same files.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { writeKeyFile } from "../controller/keys/key-file.ts";
import { Publisher } from "../controller/publish/publisher.ts";
import { type Reconciled, reconcile } from "../controller/reconcile/reconcile.ts";
import { ServedModel } from "../controller/reconcile/served-model.ts";
import { GitSource } from "../controller/source/git-source.ts";
import { parseSourceLocation } from "../controller/source/source-location.ts";
import { StateCache } from "../controller/state/state-cache.ts";
import { buildReleases, buildRoot, buildTargets } from "../controller/trust/build-trust.ts";
import { releaseTargets } from "../controller/trust/release-index.ts";
import { signRole } from "../controller/trust/sign-role.ts";
import { SigningKey } from "../controller/trust/signing-key.ts";
import type { VersionState } from "../schemas/state.generated.ts";
import { type Measured, printTable } from "./measure.ts";

const FILES = 10_000;
const PRODUCTS = 50;
const VERSIONS = 40;
const ROUNDS = 5;
/** One-file commits a round. */
const COMMITS = 5;

function git(folder: string, ...args: string[]): void {
  const identity = ["-c", "user.name=bench", "-c", "user.email=bench@acme.example"];
  execFileSync("git", ["-C", folder, ...identity, ...args], { stdio: "pipe" });
}

function write(folder: string, path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** What people sign once, offline: the controller that is measured has the online key and nothing else. */
function signTrust(folder: string, versionsOf: ReadonlyMap<string, readonly VersionState[]>): SigningKey {
  const now = Math.floor(Date.now() / 1000);
  const [root, targets, online] = [
    SigningKey.generate("root"),
    SigningKey.generate("targets"),
    SigningKey.generate("online"),
  ];
  const releases = new Map(
    [...versionsOf.keys()].map((product) => [product, SigningKey.generate(`releases-${product}`)]),
  );
  const holders = { root: [root], targets: [targets], threshold: 1, online, releases };
  write(folder, "trust/root/1.root.json", signRole(buildRoot(holders, 1, now), [root]));
  write(folder, "trust/targets.json", signRole(buildTargets(holders, 1, now), [targets]));
  for (const [product, key] of releases) {
    const listed = releaseTargets({
      name: product,
      versionScheme: "semver",
      versions: versionsOf.get(product) ?? [],
    });
    write(folder, `trust/releases/${product}.json`, signRole(buildReleases(listed, 1, now), [key]));
  }
  return online;
}

/**
 * 50 products with 40 versions and a channel each, signed; the rest of the 10,000 files are tenants.
 *
 * @returns the key that the controller signs with
 */
function writeState(folder: string): SigningKey {
  const versionsOf = new Map<string, VersionState[]>();
  write(folder, "fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\n");
  let files = 1;
  for (let product = 0; product < PRODUCTS; product++) {
    const name = `product-${product}`;
    write(folder, `products/${name}/product.yaml`, `description: product ${product}\n`);
    write(folder, `products/${name}/channels/stable.yaml`, `version: 1.${VERSIONS - 1}.0\n`);
    const versions: VersionState[] = [];
    versionsOf.set(name, versions);
    for (let minor = 0; minor < VERSIONS; minor++) {
      const sha256 = (product * VERSIONS + minor).toString(16).padStart(64, "0");
      const url = `https://files.acme.example/${name}/${minor}`;
      const version = `1.${minor}.0`;
      versions.push({
        version,
        artifacts: [{ platform: "linux-x64", format: "binary", url, size: 1000, sha256 }],
      });
      const artifact = `{platform: linux-x64, format: binary, url: "${url}", size: 1000, sha256: "${sha256}"}`;
      write(
        folder,
        `products/${name}/versions/${version}.yaml`,
        `version: ${version}\nartifacts:\n  - ${artifact}\n`,
      );
    }
    files += 2 + VERSIONS;
  }
  for (let tenant = 0; files < FILES; tenant++, files++) {
    write(
      folder,
      `tenants/tenant-${tenant}.yaml`,
      `channel: stable\nsites:\n  north: {channel: stable}\n  south: {autoUpdate: false}\n`,
    );
  }
  return signTrust(folder, versionsOf);
}

async function timed<T>(figures: number[], work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  figures.push(performance.now() - startedAt);
  return result;
}

function requireManifest({ manifest, outcome, error }: Reconciled) {
  if (manifest !== undefined) return manifest;
  throw new Error(`the bench's own state is not good: ${JSON.stringify(outcome)}`, { cause: error });
}

export async function benchReconcile(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-bench-"));
  const state = join(folder, "state");
  try {
    mkdirSync(state);
    const onlineKeyFile = join(folder, "online.json");
    writeKeyFile(onlineKeyFile, writeState(state));
    writeFileSync(join(folder, "naming-secret"), "5e".repeat(32), { mode: 0o600 });
    git(state, "init", "-q", "-b", "main");
    git(state, "add", "-A");
    git(state, "commit", "-qm", "10,000 files");
    const naive: number[] = [];
    const cold: number[] = [];
    const oneFile: number[] = [];
    for (let round = 0; round < ROUNDS; round++)
      await runRound(folder, state, onlineKeyFile, round, { naive, cold, oneFile });
    const rows: Measured[] = [
      { name: "read and parse only, `yaml` package", unit: "ms", figures: naive },
      { name: "cold: check, sign and store", unit: "ms", figures: cold },
      { name: "after a one-file commit", unit: "ms", figures: oneFile },
    ];
    printTable(`reconcile of ${FILES.toLocaleString("en")} files`, rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runRound(
  folder: string,
  state: string,
  onlineKeyFile: string,
  round: number,
  figures: { naive: number[]; cold: number[]; oneFile: number[] },
): Promise<void> {
  const source = await GitSource.open({
    location: parseSourceLocation(state),
    ref: "main",
    path: "",
    mirrorsFolder: join(folder, "mirrors"),
  });
  const stateFolder = join(folder, `controller-${round}`);
  mkdirSync(stateFolder, { mode: 0o700 });
  const { publisher } = Publisher.open({ stateFolder, devKeys: false, onlineKeyFile });
  const cache = new StateCache();
  const parts: Parameters<typeof reconcile>[0] = {
    source,
    editing: false,
    accepted: () => undefined,
    judgeSignatures: undefined,
    servedModel: new ServedModel(source, cache),
    cache,
    gap: (model) => publisher.gap(model),
    publish: async (model, policies, now, removed) => publisher.publish(model, policies, now, removed),
    now: () => Math.floor(Date.now() / 1000),
  };
  try {
    let served = requireManifest(await timed(figures.cold, () => reconcile(parts, undefined, false)));
    for (let commit = 0; commit < COMMITS; commit++) {
      write(state, "tenants/tenant-0.yaml", `channel: stable\nautoUpdate: ${(round + commit) % 2 === 0}\n`);
      git(state, "commit", "-qam", `round ${round}, commit ${commit}`);
      served = requireManifest(await timed(figures.oneFile, () => reconcile(parts, served, false)));
    }
    await timed(figures.naive, async () => {
      const snapshot = await source.snapshot(await source.head());
      for (const { bytes } of snapshot.files) parse(bytes.toString("utf8"));
    });
  } finally {
    await source.close();
  }
}
