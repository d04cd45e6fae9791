import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { ReleaseArtifact } from "../../../protocol/release.ts";
import { duplicateFile } from "../../files/copy-file.ts";
import { sha256OfFile } from "../../files/hash-file.ts";
import type { Build } from "../../installation/build.ts";
import { fromFileError, InstallError } from "../../installation/install-error.ts";
import { StagingFolder } from "../../installation/staging-folder.ts";
import { askForVersion, type SelfTest, selfTest } from "../../process/self-test.ts";
import type { ServiceManager } from "../../service/service-manager.ts";
import type { ServiceRestart } from "../../service/service-restart.ts";
import { thisServiceManager } from "../../service/this-service-manager.ts";
import type {
  Format,
  InstalledFacts,
  ManagedProduct,
  NeededBuilds,
  ProvingLimits,
  ProvingPlace,
  StageOrigin,
} from "../format.ts";
import { requireProgram } from "./pe-header.ts";
import { refreshUpdater, UPDATER } from "./refresh-updater.ts";
import { bringUp, runSwap } from "./run-swap.ts";
import { type SwapJob, writeJob } from "./swap-job.ts";

/**
 * A program of Windows, exchanged while its service is stopped, since nobody can replace a program that runs. The
 * service is down for two renames; a job on disk says what is under way.
 */
export class WindowsFormat implements Format {
  readonly name = "windows";
  readonly staging: StagingFolder;
  readonly program: string;
  readonly restart: ServiceRestart;
  private readonly test: SelfTest;
  private readonly service: string | undefined;
  private readonly services: ServiceManager;

  constructor(
    { installPath, selfTest, staging, service }: ManagedProduct,
    services: ServiceManager = thisServiceManager(),
  ) {
    this.program = installPath;
    this.test = selfTest;
    this.service = service;
    this.services = services;
    this.staging = staging === undefined ? StagingFolder.beside(installPath) : StagingFolder.at(staging);
    // The exchange has started it already.
    this.restart = { endsUs: () => false, run: async () => void (await this.recover()) };
  }

  buildId({ sha256 }: ReleaseArtifact): string {
    return sha256;
  }

  async installed(): Promise<InstalledFacts | undefined> {
    this.refreshUpdater();
    try {
      const id = sha256OfFile(this.program);
      return id === undefined ? undefined : { id, fingerprint: id };
    } catch (error) {
      throw fromFileError(error, "read", this.program);
    }
  }

  tellVersion(): Promise<string | undefined> {
    return askForVersion(this.test, this.program);
  }

  async stage(build: Build, origin: StageOrigin): Promise<void> {
    const program = this.runnable(build);
    try {
      const from = origin === "kept" ? this.staging.kept(build) : this.staging.staged(build);
      if (origin === "kept") requireSame(from, build, "install/previous-damaged");
      // Windows runs by the ending of the name.
      duplicateFile(from, program, this.staging.scratch);
      requireSame(program, build, "install/tampered");
    } catch (error) {
      throw fromFileError(error, "stage", program);
    }
  }

  async prove(build: Build, place: ProvingPlace, { seconds, signal }: ProvingLimits): Promise<void> {
    const path = place === "staged" ? this.runnable(build) : this.program;
    requireProgram(path, build.version);
    const limit = Math.min(this.test.seconds, seconds ?? this.test.seconds);
    await selfTest({ ...this.test, seconds: limit }, path, build.version, signal);
  }

  async keep(installed: Build): Promise<void> {
    const kept = this.staging.kept(installed);
    try {
      if (!existsSync(kept)) duplicateFile(this.program, kept, this.staging.scratch);
      requireSame(kept, installed, "install/previous-damaged");
    } catch (error) {
      throw fromFileError(error, "keep the previous version as", kept);
    }
  }

  async swap(build: Build): Promise<void> {
    await this.exchange({ incoming: this.runnable(build), id: build.id });
  }

  async restore(_failed: Build, kept: Build | null): Promise<boolean> {
    const found = (await this.installed())?.id;
    if (found === kept?.id) {
      await this.recover();
      return false;
    }
    if (kept === null) {
      await this.exchange({});
      rmSync(this.outgoing, { force: true });
      return true;
    }
    requireSame(this.staging.kept(kept), kept, "install/previous-damaged");
    const back = this.runnable(kept);
    try {
      if (existsSync(this.program)) duplicateFile(this.program, this.brokenProgram, this.staging.scratch);
      duplicateFile(this.staging.kept(kept), back, this.staging.scratch);
    } catch (error) {
      throw fromFileError(error, "prepare to restore", this.program);
    }
    await this.exchange({ incoming: back, id: kept.id });
    return true;
  }

  async setAside(build: Build): Promise<void> {
    for (const path of [this.runnable(build), this.staging.staged(build)]) {
      if (existsSync(path)) renameSync(path, this.brokenProgram);
    }
  }

  async sweep({ downloading, previous, installed }: NeededBuilds): Promise<void> {
    if (await this.recover()) return;
    const isGood = installed !== undefined && (await this.installed())?.id === installed.id;
    const needed = new Set([
      ...(downloading === undefined
        ? []
        : [this.staging.staged(downloading), this.staging.etag(downloading)]),
      ...(previous === undefined ? [] : [this.staging.kept(previous)]),
    ]);
    const { directory } = this.staging;
    for (const name of existsSync(directory) ? readdirSync(directory) : []) {
      const path = join(directory, name);
      if (needed.has(path) || (name.startsWith("previous-") && !isGood)) continue;
      if (/^(staged|previous)-|^copy\.new$/.test(name)) rmSync(path, { force: true });
    }
  }

  /** Ends an exchange that a kill interrupted, and brings up a service that was left down. */
  async recover(): Promise<boolean> {
    if (await runSwap(this.job, this.services)) return true;
    return this.service === undefined ? false : bringUp(this.service, this.services);
  }

  /** What the hourly task runs must be as new as this agent, and must not be this agent's own file. */
  private refreshUpdater(): void {
    if (process.platform !== "win32" || process.getBuiltinModule("node:sea")?.isSea() !== true) return;
    try {
      refreshUpdater(process.execPath, join(this.staging.directory, UPDATER));
    } catch {
      // It may be running just now; the next check tries again.
    }
  }

  private async exchange(what: Pick<SwapJob, "incoming" | "id">): Promise<void> {
    const { service, program, outgoing } = this;
    try {
      writeJob(this.job, {
        ...(service === undefined ? {} : { service }),
        ...{ program, outgoing, broken: this.brokenProgram },
        ...what,
      });
    } catch (error) {
      throw fromFileError(error, "write", this.job);
    }
    await runSwap(this.job, this.services);
  }

  private get job(): string {
    return join(this.staging.directory, "exchange.json");
  }

  private get outgoing(): string {
    return join(this.staging.directory, `outgoing${extname(this.program)}`);
  }

  /** `lantern.broken.exe`, beside `lantern.exe`: where a person looks first. */
  private get brokenProgram(): string {
    const ending = extname(this.program);
    return join(dirname(this.program), `${basename(this.program, ending)}.broken${ending}`);
  }

  private runnable(build: Build): string {
    return `${this.staging.staged(build)}.run${extname(this.program)}`;
  }
}

function requireSame(
  path: string,
  build: Build,
  code: "install/tampered" | "install/previous-damaged",
): void {
  const got = sha256OfFile(path);
  if (got === build.id) return;
  if (code === "install/tampered") rmSync(path, { force: true });
  throw new InstallError(code, `\`${path}\` is not the program of ${build.version}`, {
    expected: `sha256 ${build.id}`,
    got: got === undefined ? "no file: a virus scanner may have taken it away" : `sha256 ${got}`,
    help: "look at the disk and at what a virus scanner put into quarantine",
  });
}
