import type { ReleaseArtifact } from "../../../protocol/release.ts";
import type { Build } from "../../installation/build.ts";
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
import { readInstalled } from "./installed-file.ts";

/**
 * One executable file, replaced by a rename. Its id is the SHA-256 of its bytes. A quiet poll asks `installed` and
 * nothing else, so the rest is loaded where it is needed.
 */
export class BinaryFormat implements Format {
  readonly name = "binary";
  readonly staging: StagingFolder;
  readonly program: string;
  private readonly path: string;
  private readonly test: SelfTest;

  constructor({ installPath, selfTest, staging }: ManagedProduct) {
    this.path = installPath;
    this.program = installPath;
    this.test = selfTest;
    // Beside the installed file, hence on its file system: a rename can't meet EXDEV or a noexec /tmp.
    this.staging = staging === undefined ? StagingFolder.beside(installPath) : StagingFolder.at(staging);
  }

  buildId({ sha256 }: ReleaseArtifact): string {
    return sha256;
  }

  async installed(known?: InstalledFacts): Promise<InstalledFacts | undefined> {
    return readInstalled(this.path, known);
  }

  async tellVersion(): Promise<string | undefined> {
    const { askForVersion } = await import("../../process/self-test.ts");
    return askForVersion(this.test, this.path);
  }

  async stage(build: Build, origin: StageOrigin): Promise<void> {
    const [{ stageFile, stageKept }, { requireKept }] = await Promise.all([
      import("./stage-file.ts"),
      import("./swap-file.ts"),
    ]);
    if (origin === "kept") {
      requireKept(this.staging, build);
      stageKept(this.staging, build);
    }
    stageFile(this.staging, build);
  }

  async prove(build: Build, place: ProvingPlace, { seconds, signal }: ProvingLimits): Promise<void> {
    const { selfTest } = await import("../../process/self-test.ts");
    const path = place === "staged" ? this.staging.staged(build) : this.path;
    const test = { ...this.test, seconds: Math.min(this.test.seconds, seconds ?? this.test.seconds) };
    await selfTest(test, path, build.version, signal);
  }

  async keep(installed: Build): Promise<void> {
    const { keepPrevious } = await import("./swap-file.ts");
    keepPrevious(this.staging, this.path, installed);
  }

  async swap(build: Build): Promise<void> {
    const { swapIn } = await import("./swap-file.ts");
    swapIn(this.staging, this.path, build);
  }

  async restore(failed: Build, kept: Build | null): Promise<boolean> {
    const { restorePrevious } = await import("./swap-file.ts");
    return restorePrevious(this.staging, this.path, failed, kept);
  }

  async setAside(build: Build): Promise<void> {
    const { setAsideStaged } = await import("./stage-file.ts");
    setAsideStaged(this.staging, build);
  }

  async sweep(needed: NeededBuilds): Promise<void> {
    const { sweepStaging } = await import("./sweep-staging.ts");
    sweepStaging(this.staging, this.path, needed);
  }
}
