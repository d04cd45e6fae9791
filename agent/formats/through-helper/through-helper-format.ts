import { existsSync } from "node:fs";
import type { ArtifactFormat, ReleaseArtifact } from "../../../protocol/release.ts";
import { duplicateFile } from "../../files/copy-file.ts";
import type { Build } from "../../installation/build.ts";
import { fromFileError, InstallError } from "../../installation/install-error.ts";
import type { StagingFolder } from "../../installation/staging-folder.ts";
import type { ServiceRestart } from "../../service/service-restart.ts";
import type {
  Format,
  HelperSettings,
  InstalledFacts,
  NeededBuilds,
  ProvingLimits,
  ProvingPlace,
  StageOrigin,
} from "../format.ts";
import { callHelper } from "./call-helper.ts";

/**
 * Any format, for an agent without rights: it downloads, stages and proves in a folder of its own, as its own user, and
 * what changes the machine is asked of the privileged helper, which verifies everything again.
 *
 * The helper keeps what was installed as a part of the installation, and gives it up when that is over: so `keep` has
 * nothing to do here, and `sweep` says that it is over.
 */
export class ThroughHelperFormat implements Format {
  readonly name: ArtifactFormat;
  readonly staging: StagingFolder;
  readonly program: string;
  readonly restart?: ServiceRestart;
  private readonly inner: Format;
  private readonly helper: HelperSettings;

  /**
   * @param inner     what downloads, stages and proves, in `helper.staging`
   * @param isService whether a service runs it, which then the helper restarts
   */
  constructor(inner: Format, helper: HelperSettings, isService: boolean) {
    this.inner = inner;
    this.helper = helper;
    this.name = inner.name;
    this.staging = inner.staging;
    this.program = inner.program;
    if (isService) {
      const { product } = helper;
      this.restart = {
        endsUs: () => false,
        run: async () => void (await callHelper(helper, { do: "restart", product })),
      };
    }
  }

  buildId(artifact: ReleaseArtifact): string {
    return this.inner.buildId(artifact);
  }

  installed(known?: InstalledFacts): Promise<InstalledFacts | undefined> {
    return this.inner.installed(known);
  }

  tellVersion(): Promise<string | undefined> {
    return this.inner.tellVersion();
  }

  async stage(build: Build, origin: StageOrigin, signal?: AbortSignal): Promise<void> {
    // The kept build is the helper's, which looks at it when it is to be installed.
    if (origin === "kept") return;
    const signed = this.signedFile(build);
    try {
      // Staging may make something else of the file; what the helper verifies is the signed one.
      if (existsSync(this.staging.staged(build))) {
        duplicateFile(this.staging.staged(build), signed, this.staging.scratch);
      }
    } catch (error) {
      throw fromFileError(error, "keep the signed file as", signed);
    }
    await this.inner.stage(build, origin, signal);
  }

  async prove(build: Build, place: ProvingPlace, limits: ProvingLimits): Promise<void> {
    // A kept build ran here before, and its copy is out of this user's reach.
    if (place === "staged" && !this.isDownloaded(build)) return;
    await this.inner.prove(build, place, limits);
  }

  async keep(): Promise<void> {
    // The helper does, as a part of the swap.
  }

  async swap({ version, id }: Build): Promise<void> {
    const { product } = this.helper;
    const build = { version, id };
    const origin = this.isDownloaded(build) ? "download" : "kept";
    await callHelper(this.helper, { do: "install", product, version, origin }, this.signedFile(build));
    // By the time of its answer another version may be signed under this number: then it installed that one.
    const found = await this.installed();
    if (found?.id === id) return;
    throw new InstallError("install/replaced", `the helper installed another build of ${version}`, {
      expected: `build ${id}`,
      got: found === undefined ? "nothing installed" : `build ${found.id}`,
      help: "the agent decides anew at its next check",
    });
  }

  restore(failed: Build, kept: Build | null): Promise<boolean> {
    const { product } = this.helper;
    const back = kept === null ? {} : { kept: kept.id };
    return callHelper(this.helper, { do: "restore", product, failed: failed.id, ...back });
  }

  setAside(build: Build): Promise<void> {
    return this.inner.setAside(build);
  }

  async sweep(needed: NeededBuilds): Promise<void> {
    await this.inner.sweep(needed);
    const { product } = this.helper;
    await callHelper(this.helper, { do: "settle", product });
  }

  private isDownloaded(build: Build): boolean {
    return existsSync(this.signedFile(build));
  }

  /** Swept like everything that is called like a staged file. */
  private signedFile(build: Build): string {
    return `${this.staging.staged(build)}.signed`;
  }
}
