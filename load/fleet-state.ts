import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { CONTROLLER, cleanEnvironment } from "../test/support/run-command.ts";
import { type Settings, WAVES } from "./settings.ts";

const run = promisify(execFile);

export const PRODUCT = "lantern";
/** How the machines are spread. */
export const PLATFORMS: readonly { readonly name: string; readonly share: number }[] = [
  { name: "linux-x64", share: 0.4 },
  { name: "linux-arm64", share: 0.25 },
  { name: "darwin-arm64", share: 0.2 },
  { name: "win32-x64", share: 0.15 },
];
export const PLACES: readonly { readonly tenant: string; readonly site: string }[] = [
  { tenant: "acme", site: "berlin" },
  { tenant: "acme", site: "paris" },
  { tenant: "globex", site: "austin" },
  { tenant: "globex", site: "osaka" },
  { tenant: "initech", site: "oslo" },
];
/** Percent of the updates that may fail. */
export const LIMIT = 2;

/** The git repository of the run, changed by the same commands as people use. */
export class FleetState {
  readonly directory: string;
  private readonly settings: Settings;

  constructor(directory: string, settings: Settings) {
    this.directory = directory;
    this.settings = settings;
  }

  /** All machines may have 1.0.0 at once. */
  async create(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    await this.git("init", "-q", "-b", "main");
    const { interval } = this.settings;
    await this.write("fleet.yaml", `schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: ${interval}s\n`);
    await this.write(`products/${PRODUCT}/product.yaml`, "description: what the load program installs\n");
    for (const version of ["1.0.0", "1.1.0", "1.2.0", "1.2.1"]) await this.addVersion(version);
    await this.write(`products/${PRODUCT}/channels/stable.yaml`, `version: 1.0.0\n${this.rollout()}`);
    for (const tenant of new Set(PLACES.map((place) => place.tenant))) {
      const sites = PLACES.filter((place) => place.tenant === tenant).map(({ site }) => `  ${site}: {}\n`);
      await this.write(`tenants/${tenant}.yaml`, `channel: stable\nsites:\n${sites.join("")}`);
    }
    await this.git("add", "-A");
    await this.git("commit", "-q", "-m", "A fleet on 1.0.0");
  }

  /** One more version that there was not before. */
  async publish(version: string): Promise<void> {
    await this.addVersion(version);
    await this.git("add", "-A");
    await this.git("commit", "-q", "-m", `Publish ${version}`);
  }

  private rollout(): string {
    const { wave } = this.settings;
    const waves = WAVES.map((percent, turn) => `{percent: ${percent}, after: ${turn * wave}s}`);
    return `rollout:\n  waves: [${waves.join(", ")}]\n  gate: {maxFailureRate: ${LIMIT}%, minReports: 20}\n`;
  }

  private async addVersion(version: string): Promise<void> {
    const artifacts: string[] = [];
    for (const { name } of PLATFORMS) {
      const bytes = `${PRODUCT} ${version} for ${name}\n`;
      const url = `artifacts/${PRODUCT}-${version}-${name}`;
      await this.write(url, bytes);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      artifacts.push(
        `  - {platform: ${name}, format: binary, url: ${url}, size: ${bytes.length}, sha256: ${sha256}}\n`,
      );
    }
    const text = `version: ${version}\nartifacts:\n${artifacts.join("")}`;
    await this.write(`products/${PRODUCT}/versions/${version}.yaml`, text);
  }

  /** Runs a command of the controller in the repository, such as one that commits. @returns what it printed */
  async fairlead(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [CONTROLLER, ...args], {
      ...{ cwd: this.directory, env: cleanEnvironment(), maxBuffer: 64 * 1024 * 1024 },
    });
    return stdout;
  }

  async head(): Promise<string> {
    return (await this.git("rev-parse", "HEAD")).trim();
  }

  private async write(path: string, content: string): Promise<void> {
    const file = join(this.directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  private async git(...args: readonly string[]): Promise<string> {
    return (await run("git", args, { cwd: this.directory, env: cleanEnvironment() })).stdout;
  }
}
