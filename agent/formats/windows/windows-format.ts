import { chmodSync, existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { ReleaseArtifact } from "../../../protocol/release.ts";
import { duplicateFile } from "../../files/copy-file.ts";
import { sha256OfFile } from "../../files/hash-file.ts";
import type { Build } from "../../installation/build.ts";
import { fromFileError, InstallError } from "../../installation/install-error.ts";
import { StagingFolder } from "../../installation/staging-folder.ts";
import { askForVersion, type SelfTest, selfTest } from "../../process/self-test.ts";
import type { ServiceLimits, ServiceManager } from "../../service/service-manager.ts";
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
import { tryToRemove } from "./remove-program.ts";
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
  private readonly isSelf: boolean;
  private readonly services: ServiceManager;

  constructor(
    { installPath, selfTest, staging, service, isSelf }: ManagedProduct,
    services: ServiceManager = thisServiceManager(),
  ) {
    this.program = installPath;
    this.test = selfTest;
    this.service = service;
    this.isSelf = isSelf === true;
    this.services = services;
    this.staging = staging === undefined ? StagingFolder.beside(installPath) : StagingFolder.at(staging);
    this.restart = { endsUs: () => false, run: (limits) => this.restartService(limits) };
  }

  /** An exchange has started the service already; but for that of the agent itself, which goes on until it is stopped. */
  private async restartService(limits: ServiceLimits): Promise<void> {
    if (this.isSelf && this.service !== undefined) await this.services.restart(this.service, limits);
    else await this.recover();
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
      this.makeProgram(from, program);
      requireSame(program, build, "install/tampered");
    } catch (error) {
      throw fromFileError(error, "stage", program);
    }
  }

  async prove(build: Build, place: ProvingPlace, { seconds, signal }: ProvingLimits): Promise<void> {
    const path = place === "staged" ? this.runnable(build) : this.program;
    // Another system says itself what it does not run.
    if (process.platform === "win32") requireProgram(path, build.version);
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
      tryToRemove(this.outgoing);
      return true;
    }
    requireSame(this.staging.kept(kept), kept, "install/previous-damaged");
    const back = this.runnable(kept);
    try {
      if (existsSync(this.program)) duplicateFile(this.program, this.brokenProgram, this.staging.scratch);
      this.makeProgram(this.staging.kept(kept), back);
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
    for (const path of this.outgoingPrograms()) tryToRemove(path);
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
    const { service, program, isSelf } = this;
    const outgoing = this.freeName();
    try {
      writeJob(this.job, {
        // Windows lets a program that runs be renamed; to stop the agent would end this very exchange.
        ...(service === undefined || isSelf ? {} : { service }),
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

  /** `lantern.old.exe`, beside `lantern.exe`: where a person finds it, should all else fail. */
  private get outgoing(): string {
    return this.beside("old");
  }

  /** The program before may run still, and then its file stays: the next one gets another name. */
  private freeName(): string {
    tryToRemove(this.outgoing);
    return existsSync(this.outgoing) ? this.beside(`old-${process.pid}`) : this.outgoing;
  }

  private outgoingPrograms(): readonly string[] {
    const folder = dirname(this.program);
    const ending = extname(this.program);
    const start = `${basename(this.program, ending)}.old`;
    return (existsSync(folder) ? readdirSync(folder) : [])
      .filter(
        (name) => name.startsWith(start) && /^(-\d+)?$/.test(basename(name, ending).slice(start.length)),
      )
      .map((name) => join(folder, name));
  }

  /** `lantern.broken.exe`, beside `lantern.exe`: where a person looks first. */
  private get brokenProgram(): string {
    return this.beside("broken");
  }

  private beside(what: string): string {
    const ending = extname(this.program);
    return join(dirname(this.program), `${basename(this.program, ending)}.${what}${ending}`);
  }

  /** Windows runs by the ending of the name; where it is tried on another system, that goes by the mode. */
  private makeProgram(from: string, program: string): void {
    duplicateFile(from, program, this.staging.scratch);
    chmodSync(program, 0o755);
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
