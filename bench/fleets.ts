/**
 * States in git, signed by people as in production: the controller that is measured has the online key and nothing else.
 * The same fleet gives the same files.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildReleases, buildRoot, buildTargets } from "../controller/trust/build-trust.ts";
import { releaseTargets } from "../controller/trust/release-index.ts";
import { signRole } from "../controller/trust/sign-role.ts";
import { SigningKey } from "../controller/trust/signing-key.ts";
import type { VersionState } from "../schemas/state.generated.ts";

/** What a fleet is large in. */
export interface FleetShape {
  readonly name: string;
  readonly products: number;
  /** Of each product. */
  readonly versions: number;
  readonly channels: number;
  readonly tenants: number;
}

const MANY_TENANTS = { products: 50, versions: 40, channels: 1 };
const MANY_VERSIONS = { versions: 98, channels: 1 };

/** 10,000 and 50,000 files, most of them tenants or most of them versions. */
export const FLEETS: readonly FleetShape[] = [
  { name: "10,000 files, most of them tenants", ...MANY_TENANTS, tenants: 7_899 },
  { name: "10,000 files, most of them versions", ...MANY_VERSIONS, products: 98, tenants: 199 },
  { name: "50,000 files, most of them tenants", ...MANY_TENANTS, tenants: 47_899 },
  { name: "50,000 files, most of them versions", ...MANY_VERSIONS, products: 495, tenants: 499 },
];

/** One product that was released for years, into a channel for each customer. */
export const MATRIX: FleetShape = {
  name: "1,400 versions and 76 channels of one product",
  products: 1,
  versions: 1_400,
  channels: 76,
  tenants: 10,
};

export function git(folder: string, ...args: string[]): void {
  const identity = ["-c", "user.name=bench", "-c", "user.email=bench@acme.example"];
  execFileSync("git", ["-C", folder, ...identity, ...args], { stdio: "pipe" });
}

export function write(folder: string, path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Commits the whole fleet. @returns the key that the controller signs with */
export function writeFleet(folder: string, shape: FleetShape): SigningKey {
  const versionsOf = new Map<string, VersionState[]>();
  write(folder, "fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\n");
  for (let product = 0; product < shape.products; product++) {
    const name = `product-${product}`;
    write(folder, `products/${name}/product.yaml`, `description: product ${product}\n`);
    versionsOf.set(
      name,
      Array.from({ length: shape.versions }, (_, minor) => writeVersion(folder, name, product, minor)),
    );
    for (let channel = 0; channel < shape.channels; channel++) {
      const called = channel === 0 ? "stable" : `customer-${channel}`;
      write(
        folder,
        channelFile(product, called),
        channelText(shape.versions - 1 - (channel % shape.versions)),
      );
    }
  }
  for (let tenant = 0; tenant < shape.tenants; tenant++) {
    write(folder, tenantFile(tenant), `${tenantText(true)}sites:\n  north: {channel: stable}\n`);
  }
  const online = signTrust(folder, versionsOf);
  git(folder, "init", "-q", "-b", "main");
  git(folder, "add", "-A");
  git(folder, "commit", "-qm", shape.name);
  return online;
}

export function tenantFile(tenant: number): string {
  return `tenants/tenant-${tenant}.yaml`;
}

export function tenantText(autoUpdate: boolean): string {
  return `channel: stable\nautoUpdate: ${autoUpdate}\n`;
}

export function channelFile(product: number, channel = "stable"): string {
  return `products/product-${product}/channels/${channel}.yaml`;
}

export function channelText(minor: number, more = ""): string {
  return `version: 1.${minor}.0\n${more}`;
}

function writeVersion(folder: string, name: string, product: number, minor: number): VersionState {
  const sha256 = (product * 10_000 + minor).toString(16).padStart(64, "0");
  const url = `https://files.acme.example/${name}/${minor}`;
  const version = `1.${minor}.0`;
  const artifact = `{platform: linux-x64, format: binary, url: "${url}", size: 1000, sha256: "${sha256}"}`;
  const text = `version: ${version}\nartifacts:\n  - ${artifact}\n`;
  write(folder, `products/${name}/versions/${version}.yaml`, text);
  return { version, artifacts: [{ platform: "linux-x64", format: "binary", url, size: 1000, sha256 }] };
}

/** What people sign once, offline. */
function signTrust(folder: string, versionsOf: ReadonlyMap<string, readonly VersionState[]>): SigningKey {
  const now = Math.floor(Date.now() / 1000);
  const root = SigningKey.generate("root");
  const targets = SigningKey.generate("targets");
  const online = SigningKey.generate("online");
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
