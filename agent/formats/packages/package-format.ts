import { rmSync } from "node:fs";
import type { ReleaseArtifact, ReleasePackage } from "../../../protocol/release.ts";
import { syncIfThere } from "../../files/sync-if-there.ts";
import type { Build } from "../../installation/build.ts";
import { fromFileError, InstallError } from "../../installation/install-error.ts";
import { StagingFolder } from "../../installation/staging-folder.ts";
import type { SelfTest } from "../../process/self-test.ts";
import type {
  Format,
  InstalledFacts,
  ManagedProduct,
  NeededBuilds,
  PackageSettings,
  ProvingLimits,
  ProvingPlace,
  StageOrigin,
} from "../format.ts";
import { changePackage, endChange, isChangeCutOff } from "./change-package.ts";
import { PackageFiles } from "./package-files.ts";
import type { PackageManager } from "./package-manager.ts";

/** Never that of something whole, so that nobody looks away. */
const UNFINISHED = "unfinished";

/**
 * A package, installed by the machine's own package manager from its file alone: whatever else it would need makes it
 * fail. Its id is its whole version. The file of what is installed is kept, so that going back needs no network.
 */
export class PackageFormat implements Format {
  readonly name: PackageManager["format"];
  readonly staging: StagingFolder;
  readonly program: string;
  private readonly manager: PackageManager;
  private readonly settings: PackageSettings;
  private readonly test: SelfTest;
  private readonly files: PackageFiles;
  /** What the release calls the repository, once one was asked for. */
  private releasedFrom: string | undefined;

  constructor(manager: PackageManager, product: ManagedProduct & { readonly package: PackageSettings }) {
    this.manager = manager;
    this.name = manager.format;
    this.settings = product.package;
    this.program = product.installPath;
    this.test = product.selfTest;
    const { installPath, staging = product.stagingFolder } = product;
    this.staging = staging === undefined ? StagingFolder.beside(installPath) : StagingFolder.at(staging);
    this.files = new PackageFiles(this.staging);
  }

  buildId(artifact: ReleaseArtifact): string {
    return artifact.package?.version ?? artifact.sha256;
  }

  async installed(known?: InstalledFacts): Promise<InstalledFacts | undefined> {
    const cutOff = isChangeCutOff(this.staging);
    const fingerprint = await this.manager.fingerprint();
    if (!cutOff && fingerprint !== undefined && known?.fingerprint === fingerprint) return known;
    const found = await this.manager.installed(this.settings.name);
    if (cutOff || found?.unfinished === true) {
      return { id: found?.version || UNFINISHED, fingerprint: UNFINISHED, unfinished: true };
    }
    return found === undefined ? undefined : { id: found.version, fingerprint: fingerprint ?? UNFINISHED };
  }

  async tellVersion(): Promise<string | undefined> {
    const { askForVersion } = await import("../../process/self-test.ts");
    return askForVersion(this.test, this.program);
  }

  async fetch(
    build: Build,
    artifact: ReleaseArtifact,
    download: () => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const named = this.requireOurs(artifact);
    await this.requireNotHeld();
    const staged = this.staging.staged(build);
    if (named.repository === undefined) {
      await download();
      this.files.note(staged, artifact.sha256);
      return;
    }
    this.releasedFrom = named.repository;
    const repository = this.settings.repository ?? named.repository;
    const wanted = { name: this.settings.name, version: named.version, repository };
    const file = await this.manager.fetch(wanted, this.files.emptyFolder(), signal);
    this.files.takeIn(file, staged, named.file);
    this.files.dropFolder();
  }

  private requireOurs({ package: named }: ReleaseArtifact): ReleasePackage {
    if (named?.name === this.settings.name) return named;
    throw new InstallError(
      "install/wrong-package",
      "the release is not of the package that this machine has",
      {
        expected: `the package \`${this.settings.name}\`, as config.yaml says`,
        got: `\`${named?.name ?? "none"}\``,
        help: "correct `package` in config.yaml, or the name in the version file and sign it again",
      },
    );
  }

  private async requireNotHeld(): Promise<void> {
    const found = await this.manager.installed(this.settings.name);
    if (found?.held !== true) return;
    throw new InstallError("install/package-held", `this machine holds \`${this.settings.name}\``, {
      got: `a hold at ${found.version}`,
      help: `take it away with \`apt-mark unhold ${this.settings.name}\`, if it is not meant`,
    });
  }

  async stage(build: Build, origin: StageOrigin): Promise<void> {
    const staged = this.staging.staged(build);
    if (origin === "kept") {
      this.requireKept(build);
      this.files.duplicate(this.staging.kept(build), staged);
    }
    this.requireWhole(staged, build);
  }

  private requireWhole(staged: string, build: Build): void {
    if (this.files.isWhole(staged)) return;
    this.files.dropStaged(build);
    throw new InstallError("install/tampered", `the staged package of ${build.version} changed on disk`, {
      help: "look at the disk; the file is fetched again at the next check",
    });
  }

  async prove(build: Build, place: ProvingPlace, limits: ProvingLimits): Promise<void> {
    if (place === "staged") return this.proveFile(build);
    const found = await this.installed();
    if (found?.id !== build.id || found.unfinished === true) {
      throw failed(`${build.version} is not wholly installed`, found?.id ?? "nothing installed");
    }
    const changed = await this.manager.changedFiles(this.settings.name);
    if (changed.length > 0) {
      const list = changed.slice(0, 10).join(", ");
      throw failed(`files of ${build.version} are not as the package brought them`, list);
    }
    const { selfTest } = await import("../../process/self-test.ts");
    const { seconds = this.test.seconds, signal } = limits;
    const test = { ...this.test, seconds: Math.min(this.test.seconds, seconds) };
    await selfTest(test, this.program, build.version, signal);
  }

  /** Before it is installed a package cannot be run: only looked at, and rehearsed. */
  private async proveFile(build: Build): Promise<void> {
    const staged = this.staging.staged(build);
    const { name, version, architecture, fits } = await this.manager.examine(staged);
    if (name !== this.settings.name) {
      throw new InstallError("install/wrong-package", `the file of ${build.version} is another package`, {
        expected: `\`${this.settings.name}\``,
        got: `\`${name}\``,
        help: "yank the version and release the right file",
      });
    }
    if (version !== build.id) {
      throw new InstallError("install/wrong-version", `the package of ${build.version} has another version`, {
        expected: build.id,
        got: version,
        help: "yank the version and release it under the version that its package has",
      });
    }
    if (!fits) {
      throw new InstallError("install/wrong-arch", `the package of ${build.version} is for other machines`, {
        got: `architecture ${architecture}`,
        help: "the release has the wrong file for this platform: yank it and build it again",
      });
    }
    await this.manager.rehearse(staged, name, this.files.emptyFolder());
    this.files.dropFolder();
  }

  async lacksFileOf(installed: Build): Promise<boolean> {
    return !this.files.isWhole(this.staging.kept(installed));
  }

  async keep(installed: Build): Promise<void> {
    const kept = this.staging.kept(installed);
    if (this.files.isWhole(kept)) return;
    this.files.adopt(installed);
    if (this.files.isWhole(kept)) return;
    const file = await this.findInstalledFile(installed);
    if (file !== undefined) this.files.takeIn(file, kept);
    else if (this.settings.withoutWayBack !== true) throw noWayBack(installed, this.settings.name);
    this.files.dropFolder();
  }

  private async findInstalledFile(installed: Build): Promise<string | undefined> {
    const { name, repository = this.releasedFrom } = this.settings;
    const wanted = { name, version: installed.id, repository };
    const file = await this.manager.findInstalledFile(wanted, this.files.emptyFolder());
    if (file === undefined) return undefined;
    const found = await this.manager.examine(file);
    return found.name === name && found.version === installed.id ? file : undefined;
  }

  async swap(build: Build): Promise<void> {
    const staged = this.staging.staged(build);
    this.requireWhole(staged, build);
    await this.install(staged, build);
    try {
      this.files.adopt(build);
    } catch {
      // It can be had from elsewhere when it is needed; the swap is done.
    }
  }

  private async install(file: string, build: Build): Promise<void> {
    const { manager, staging } = this;
    const wasCutOff = isChangeCutOff(staging);
    await changePackage(manager, staging, manager.installCommand(file), `install ${build.version}`);
    const found = await manager.installed(this.settings.name);
    if (found?.version !== build.id || found.unfinished) {
      throw new InstallError("install/package-manager-failed", `${build.version} is not wholly installed`, {
        expected: build.id,
        got: found === undefined ? "nothing installed" : found.version,
      });
    }
    if (wasCutOff) await this.tryToTidy();
    await this.trySync();
    endChange(staging);
  }

  /** Takes away what a change that was cut off laid down and nobody knows of. It is no reason to call this one failed. */
  private async tryToTidy(): Promise<void> {
    const { files, manager } = this;
    try {
      for (const file of files.packages()) {
        for (const path of await manager.leftBy(file, files.emptyFolder())) rmSync(path, { force: true });
      }
      files.dropFolder();
    } catch {
      // It takes room, and does no harm.
    }
  }

  /** What is called whole must be so after a power cut, too. */
  private async trySync(): Promise<void> {
    try {
      for (const path of await this.manager.unsyncedFiles(this.settings.name)) syncIfThere(path);
    } catch {
      // The system brings it to the disk by itself, within a minute.
    }
  }

  async restore(failedBuild: Build, kept: Build | null): Promise<boolean> {
    const { manager, settings, staging } = this;
    const found = await this.installed();
    if (kept === null) {
      if (found === undefined) return false;
      this.files.tryToKeepBroken(failedBuild);
      if (found.unfinished === true) await this.tryToRegister(failedBuild);
      if ((await manager.installed(settings.name)) !== undefined) {
        const command = manager.removeCommand(settings.name);
        await changePackage(manager, staging, command, `remove ${settings.name}`);
      }
      if (found.unfinished === true) await this.tryToTidy();
      endChange(staging);
      return true;
    }
    if (found?.id === kept.id && found.unfinished !== true) return false;
    this.requireKept(kept);
    this.files.tryToKeepBroken(failedBuild);
    await this.install(staging.kept(kept), kept);
    return true;
  }

  /** Without it, files that a kill kept the package manager from noting would stay. */
  private async tryToRegister(build: Build): Promise<void> {
    const { files, manager, staging } = this;
    const file = [staging.staged(build), staging.kept(build)].find((path) => files.isWhole(path));
    if (file === undefined) return;
    try {
      await changePackage(manager, staging, manager.registerCommand(file), `register ${build.version}`);
    } catch {
      // What is registered can be taken away all the same.
    }
  }

  private requireKept(build: Build): void {
    if (this.files.isWhole(this.staging.kept(build))) return;
    throw new InstallError(
      "install/previous-damaged",
      `the kept package of ${build.version} is not there, or not as it was`,
      { help: "what is installed stays as it is; promote a newer version, or install a signed one by hand" },
    );
  }

  async setAside(build: Build): Promise<void> {
    this.files.tryToKeepBroken(build);
    this.files.dropStaged(build);
  }

  async sweep(needed: NeededBuilds): Promise<void> {
    const found = await this.installed();
    const isWhole = found !== undefined && found.unfinished !== true && found.id === needed.installed?.id;
    try {
      // A kill right after the swap: the file would be swept, and the next update would have to look for it.
      if (isWhole && needed.installed !== undefined) this.files.adopt(needed.installed);
      this.files.sweep(needed, isWhole);
    } catch (error) {
      throw fromFileError(error, "clean up", this.staging.directory);
    }
  }
}

function failed(what: string, got: string): InstallError {
  return new InstallError("install/self-test-failed", what, {
    got,
    help: "the version stays blocked on this device for a while; its package is kept under broken/ to look at",
  });
}

function noWayBack({ id }: Build, name: string): InstallError {
  return new InstallError(
    "install/no-way-back",
    `the package file of the installed ${id} is nowhere to be had`,
    {
      expected: "the agent's own copy, or one in the package manager's cache or repository",
      help: `have the repository keep ${name} ${id}, put the file into the cache, or set package_without_way_back: true`,
    },
  );
}
