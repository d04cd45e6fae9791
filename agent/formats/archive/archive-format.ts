import { join } from "node:path";
import type { ReleaseArtifact } from "../../../protocol/release.ts";
import type { Build } from "../../installation/build.ts";
import { InstallError } from "../../installation/install-error.ts";
import { StagingFolder } from "../../installation/staging-folder.ts";
import type { SelfTest } from "../../process/self-test.ts";
import type {
  Format,
  InstalledFacts,
  ManagedProduct,
  NeededBuilds,
  ProvingLimits,
  ProvingPlace,
  StageOrigin,
} from "../format.ts";
import { VersionFolders } from "./version-folders.ts";

/**
 * Whole folders, unpacked side by side from tar.zst, tar.gz or zip files; a link says which one is installed. A build's
 * id is the SHA-256 of its archive, and the name of its folder.
 */
export class ArchiveFormat implements Format {
  readonly name = "archive";
  readonly staging: StagingFolder;
  readonly program: string;
  private readonly installedAt: VersionFolders;
  /** Where archives are unpacked to: the same folders, but for an agent without rights. */
  private readonly folders: VersionFolders;
  private readonly executable: string;
  private readonly test: SelfTest;

  /** @throws InstallError `install/unsupported` */
  constructor({ installPath, selfTest, executable, staging }: ManagedProduct) {
    if (executable === undefined) {
      throw new InstallError("install/unsupported", "nobody has said which program an archive holds", {
        help: "name it in config.yaml, such as `executable: bin/lantern`",
      });
    }
    if (process.platform === "win32") {
      throw new InstallError("install/unsupported", "archives cannot be installed on Windows", {
        help: "Windows has no link that is replaced in one step: release the product as `windows` there",
      });
    }
    this.installedAt = VersionFolders.at(installPath);
    this.folders = staging === undefined ? this.installedAt : VersionFolders.toTry(StagingFolder.at(staging));
    this.staging = this.folders.staging;
    this.executable = executable;
    this.program = join(this.installedAt.current, executable);
    this.test = selfTest;
  }

  buildId({ sha256 }: ReleaseArtifact): string {
    return sha256;
  }

  async installed(known?: InstalledFacts): Promise<InstalledFacts | undefined> {
    return this.installedAt.installed(known);
  }

  async tellVersion(): Promise<string | undefined> {
    const { askForVersion } = await import("../../process/self-test.ts");
    return askForVersion(this.test, this.program);
  }

  async stage(build: Build, origin: StageOrigin, signal?: AbortSignal): Promise<void> {
    if (origin === "kept") {
      this.installedAt.requireWhole(build);
      return;
    }
    const { stageArchive } = await import("./stage-archive.ts");
    await stageArchive(this.folders, build, this.executable, signal);
  }

  async prove(build: Build, place: ProvingPlace, { seconds, signal }: ProvingLimits): Promise<void> {
    const { selfTest } = await import("../../process/self-test.ts");
    const path = place === "staged" ? join(this.folders.folder(build), this.executable) : this.program;
    const test = { ...this.test, seconds: Math.min(this.test.seconds, seconds ?? this.test.seconds) };
    await selfTest(test, path, build.version, signal);
  }

  async keep(installed: Build): Promise<void> {
    // Whether it is whole is asked when it is wanted back: a damaged version is one more reason to leave it.
    this.installedAt.keepLink(installed);
  }

  async swap(build: Build): Promise<void> {
    this.installedAt.switchTo(build);
  }

  async restore(failed: Build, kept: Build | null): Promise<boolean> {
    const found = this.installedAt.installed();
    const isBack = found?.id === kept?.id;
    if (!isBack && kept === null) this.installedAt.removeLink();
    else if (!isBack && kept !== null) {
      this.installedAt.requireWhole(kept);
      this.installedAt.switchBackTo(kept);
    }
    // Also where a kill came between the two: without the mark, the broken version would be swept.
    this.installedAt.tryToMarkBroken(failed);
    return !isBack;
  }

  async setAside(build: Build): Promise<void> {
    const { setAsideArchive } = await import("./stage-archive.ts");
    setAsideArchive(this.folders, build);
  }

  async sweep(needed: NeededBuilds): Promise<void> {
    const { sweepTried, sweepVersions } = await import("./sweep-versions.ts");
    if (this.folders === this.installedAt) sweepVersions(this.folders, needed);
    else sweepTried(this.folders, needed);
  }
}
