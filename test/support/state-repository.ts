import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Cleanups } from "./cleanups.ts";
import { runOk } from "./run-command.ts";

/** The platform that these tests install for: the machine's own. */
export const PLATFORM = `${process.platform}-${process.arch}`;

/** A shell script that reports its version, as a product would; `says` makes it lie. */
export function executable(version: string, says: string = version): string {
  return `#!/bin/sh\n# lantern ${version}\n[ "\${1:-}" = --version ] && { echo ${says}; exit 0; }\necho "lantern ${says}"\n`;
}

/** A real git repository with a small state in it: product `lantern`, one tenant, no trust folder. */
export class StateRepository {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(t: Cleanups): Promise<StateRepository> {
    const directory = await mkdtemp(join(tmpdir(), "fairlead-state-"));
    t.after(() => rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
    const state = new StateRepository(directory);
    await runOk("git", ["init", "-q", "-b", "main", directory]);
    await state.write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\n");
    await state.write("products/lantern/product.yaml", "description: a test product\n");
    await state.write("tenants/acme.yaml", "channel: stable\nsites:\n  berlin: {channel: stable}\n");
    return state;
  }

  async write(path: string, content: string | Buffer): Promise<void> {
    const file = join(this.directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  /** Adds a version with one artifact for this machine, hosted below `artifacts/`. */
  async addVersion(
    version: string,
    options: { says?: string; active?: boolean; more?: string } = {},
  ): Promise<void> {
    const yank = options.active === false ? "active: false\nyankReason: a test\n" : "";
    await this.addBuild("lantern", version, executable(version, options.says), yank + (options.more ?? ""));
  }

  /** Adds a version of any product, with these bytes for this machine. */
  async addBuild(product: string, version: string, bytes: string, more = ""): Promise<void> {
    const url = `artifacts/${product}-${version}`;
    await this.write(url, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await this.write(
      `products/${product}/versions/${version}.yaml`,
      `version: ${version}\n${more}artifacts:\n` +
        `  - {platform: ${PLATFORM}, format: binary, url: ${url}, size: ${Buffer.byteLength(bytes)}, sha256: ${sha256}}\n`,
    );
  }

  /** Adds a product, or a version of it, and points `stable` there. */
  async offer(
    product: string,
    version: string,
    bytes: string,
    productYaml = "description: another product\n",
  ): Promise<void> {
    await this.write(`products/${product}/product.yaml`, productYaml);
    await this.addBuild(product, version, bytes);
    await this.write(`products/${product}/channels/stable.yaml`, `version: ${version}\n`);
  }

  async point(channel: string, version: string, more = ""): Promise<void> {
    await this.write(`products/lantern/channels/${channel}.yaml`, `version: ${version}\n${more}`);
  }

  /** Commits everything. @returns the commit's id */
  async commit(message: string): Promise<string> {
    await runOk("git", ["add", "-A"], { cwd: this.directory });
    await runOk("git", ["commit", "-q", "--allow-empty", "-m", message], { cwd: this.directory });
    return (await runOk("git", ["rev-parse", "HEAD"], { cwd: this.directory })).trim();
  }
}
