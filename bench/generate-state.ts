/**
 * Writes a state of a given number of YAML files that has no mistake: one product for each hundred versions, three
 * channels each, and one tenant for each hundred files. The same number gives the same bytes.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "../protocol/digest.ts";

/** Version files of one product. */
const VERSIONS = 100;
const CHANNELS = ["stable", "beta", "nightly"] as const;

/** @returns how many files were written */
export function generateState(root: string, wanted: number): number {
  let written = 0;
  const write = (path: string, text: string): void => {
    const file = join(root, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
    written++;
  };
  write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 15m\n");
  for (let product = 0; written < wanted; product++) {
    const name = `product-${product}`;
    write(`products/${name}/product.yaml`, `description: Product number ${product}.\n`);
    for (const channel of CHANNELS) write(`products/${name}/channels/${channel}.yaml`, channelText(channel));
    write(`tenants/tenant-${product}.yaml`, tenantText(name));
    for (let version = 0; version < VERSIONS && written < wanted; version++) {
      write(`products/${name}/versions/1.${version}.0.yaml`, versionText(name, `1.${version}.0`));
    }
  }
  return written;
}

function channelText(channel: string): string {
  const waves =
    "rollout:\n  strategy: linear\n  waves:\n    - {percent: 1%, after: 0s}\n    - {percent: 10%, after: 4h}\n    - {percent: 100%, after: 2d}\n  gate: {maxFailureRate: 2%, minReports: 20, silentAfter: 24h}\n";
  return `# What ${channel} devices run.\nversion: 1.0.0\n${channel === "stable" ? waves : ""}`;
}

function tenantText(product: string): string {
  return `channel: stable
window: {days: [sat, sun], start: "02:00", duration: 4h, timeZone: Europe/Berlin}
sites:
  berlin: {channel: beta}
  paris: {channel: stable}
groups:
  canaries: {devices: [${product}-d-1, ${product}-d-2]}
products:
  ${product}:
    pin: {version: 1.0.0, reason: certified build, owner: ops@acme.example, expires: 2099-01-31}
`;
}

export function versionText(
  product: string,
  version: string,
  notes = "Fixes the heartbeat after sleep.",
): string {
  const artifacts = ["linux-x64", "linux-arm64", "darwin-arm64"].map((platform) => {
    const url = `https://downloads.acme.example/${product}/${version}/${platform}`;
    return `  - platform: ${platform}\n    format: binary\n    url: ${url}\n    size: 48211456\n    sha256: "${sha256Hex(url)}"\n`;
  });
  return `version: ${version}\nreleaseNotes: ${notes}\nseverity: normal\nupgradeFrom: ">=1.0.0"\nartifacts:\n${artifacts.join("")}`;
}
