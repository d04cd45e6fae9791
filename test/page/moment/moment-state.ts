import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runOk } from "../../support/run-command.ts";

export const PRODUCT = "agent";
export const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-arm64", "win32-x64"] as const;

/** The state repository of the moment, whose commits have the times of its story. */
export class MomentState {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  async create(at: number): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    await runOk("git", ["init", "-q", "-b", "main", this.directory]);
    await this.write(
      "fleet.yaml",
      `schemaVersion: 1
defaultChannel: stable
checkInterval: 5m
freeze:
  - {from: 2026-11-27, to: 2026-12-01, reason: Black Friday}
`,
    );
    await this.product(PRODUCT, "what runs on every till, kiosk and press", ["1.2.9", "1.3.5", "1.4.0"]);
    await this.product("probe", "measures what the network does", ["2.0.0", "2.1.0"]);
    await this.channel(PRODUCT, "stable", "1.4.0");
    await this.channel(PRODUCT, "beta", "1.4.0");
    await this.channel(PRODUCT, "nightly", "1.4.0");
    await this.channel("probe", "stable", "2.0.0");
    await this.write("products/probe/channels/beta.yaml", "version: 2.1.0\n");
    await this.write("tenants/acme.yaml", acme("{}"));
    await this.write("tenants/globex.yaml", "channel: stable\nsites:\n  austin: {}\n  osaka: {}\n");
    await this.write(
      "tenants/initech.yaml",
      `channel: stable
sites:
  oslo: {}
  bergen:
    channel: nightly
    window: {days: [mon, tue, wed, thu, fri, sat, sun], start: "00:00", duration: 24h, timeZone: UTC}
window: {days: [sat, sun], start: "02:00", duration: 4h, timeZone: Europe/Oslo}
`,
    );
    await this.commit("The fleet on 1.4.0", at, "Ada Lindgren");
  }

  private async product(name: string, description: string, versions: readonly string[]): Promise<void> {
    const frozen = name === PRODUCT ? FROZEN : "";
    await this.write(`products/${name}/product.yaml`, `description: ${description}\n${frozen}`);
    for (const version of versions) await this.version(name, version, "First of its kind.");
  }

  async version(product: string, version: string, notes: string): Promise<void> {
    const artifacts: string[] = [];
    for (const platform of PLATFORMS) {
      const bytes = `${product} ${version} for ${platform}\n`;
      const url = `artifacts/${product}-${version}-${platform}`;
      await this.write(url, bytes);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      artifacts.push(
        `  - {platform: ${platform}, format: binary, url: ${url}, size: ${bytes.length}, sha256: ${sha256}}\n`,
      );
    }
    const text = `version: ${version}\nreleaseNotes: ${notes}\nrollbackTo: ">=1.3.0"\nartifacts:\n${artifacts.join("")}`;
    await this.write(`products/${product}/versions/${version}.yaml`, text);
  }

  async channel(product: string, channel: string, version: string): Promise<void> {
    await this.write(
      `products/${product}/channels/${channel}.yaml`,
      `version: ${version}\n${MORE[channel] ?? ""}`,
    );
  }

  async write(path: string, content: string): Promise<void> {
    const file = join(this.directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  /** A branch on top of a commit that nobody has merged, with its own working tree beside this one. */
  async branch(name: string, base: string): Promise<MomentState> {
    const directory = `${this.directory}-${name}`;
    await runOk("git", ["worktree", "add", "-q", "-b", name, directory, base], { cwd: this.directory });
    return new MomentState(directory);
  }

  /** @param at seconds since 1970 @returns the commit's id */
  async commit(message: string, at: number, by: string): Promise<string> {
    const date = `${at} +0000`;
    const mail = `${by.split(" ")[0]?.toLowerCase()}@acme.example`;
    const env = {
      ...{ GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, GIT_AUTHOR_NAME: by, GIT_COMMITTER_NAME: by },
      ...{ GIT_AUTHOR_EMAIL: mail, GIT_COMMITTER_EMAIL: mail },
    };
    await runOk("git", ["add", "-A"], { cwd: this.directory });
    await runOk("git", ["commit", "-q", "-m", message], { cwd: this.directory, env });
    return (await runOk("git", ["rev-parse", "HEAD"], { cwd: this.directory })).trim();
  }
}

/** The tenant with canaries. @param lyon what one of its sites says */
export function acme(lyon: string): string {
  return `channel: stable
sites:
  berlin: {}
  hamburg: {channel: beta}
  lyon: ${lyon}
groups:
  canaries:
    match: {ring: canary}
`;
}

/** A day on which nobody had anything to install. */
const FROZEN = 'freeze: [{from: "2026-11-15T06:00:00Z", to: "2026-11-16T18:00:00Z", reason: stocktaking}]\n';

/** What channels say beside their version. */
const MORE: Readonly<Record<string, string>> = {
  stable: `rollout:
  waves:
    - {percent: 1, after: 0s}
    - {percent: 10, after: 4h}
    - {percent: 50, after: 1d}
    - {percent: 100, after: 2d}
  canary: {groups: [acme/canaries]}
  gate: {maxFailureRate: 2%, minReports: 20, silentAfter: 24h}
promotion: {from: beta, soak: 48h, minHealthy: 20}
staleAfter: 30d
`,
  nightly:
    "rollout:\n  waves: [{percent: 20, after: 0s}, {percent: 60, after: 2d}, {percent: 100, after: 5d}]\n",
  beta: "rollout:\n  waves: [{percent: 50, after: 0s}, {percent: 100, after: 2h}]\npromotion: {from: nightly, soak: 24h}\n",
};
