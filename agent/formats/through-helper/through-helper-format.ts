import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ArtifactFormat, ReleaseArtifact } from "../../../protocol/release.ts";
import { duplicateFile } from "../../files/copy-file.ts";
import { readBounded } from "../../files/read-bounded.ts";
import { replaceFile } from "../../files/replace-file.ts";
import type { HelperErrorCode } from "../../helper-link/helper-error.ts";
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

const MOST_ID_BYTES = 200;
const NOTHING_TO_RESTORE: HelperErrorCode = "helper/nothing-to-restore";
/** Never the id of something whole. */
const UNFINISHED = "unfinished";

/**
 * Any format, for an agent without rights: it downloads, stages and proves in a folder of its own, as its own user, and
 * what changes the machine is asked of the privileged helper, which verifies everything again.
 *
 * The helper keeps what was installed as a part of the installation, and gives it up when that is over: so `keep` does
 * no more than find what the helper may ask for, and `sweep` says that it is over.
 */
export class ThroughHelperFormat implements Format {
  readonly name: ArtifactFormat;
  readonly staging: StagingFolder;
  readonly program: string;
  readonly restart?: ServiceRestart;
  readonly fetch?: NonNullable<Format["fetch"]>;
  readonly lacksFileOf?: NonNullable<Format["lacksFileOf"]>;
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
    if (inner.fetch !== undefined) {
      this.fetch = (build, artifact, download, signal) => this.fetchInner(build, artifact, download, signal);
    }
    if (inner.lacksFileOf !== undefined) {
      this.lacksFileOf = async (installed) => !this.isWithHelper(installed) && this.isWithout(installed);
    }
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

  async installed(known?: InstalledFacts): Promise<InstalledFacts | undefined> {
    const found = await this.inner.installed(known);
    if (!existsSync(this.noteOfChange)) return found;
    return { id: found?.id ?? UNFINISHED, fingerprint: UNFINISHED, unfinished: true };
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

  /** The helper does, as a part of the swap. What it has no file of, it asks this agent for. */
  async keep(installed: Build): Promise<void> {
    if (this.inner.lacksFileOf === undefined || this.isWithHelper(installed)) return;
    try {
      await this.inner.keep(installed);
    } catch (error) {
      // The helper may have kept it all the same; if not, it says so.
      if (!(error instanceof InstallError) || error.code !== "install/no-way-back") throw error;
    }
  }

  async swap({ version, id }: Build): Promise<void> {
    const { product } = this.helper;
    const build = { version, id };
    const origin = this.isDownloaded(build) ? "download" : "kept";
    const exchange = {
      artifact: this.signedFile(build),
      previousOf: (kept: string): string => this.staging.kept({ id: kept }),
      onUnchanged: () => this.endChange(),
    };
    this.beginChange(id);
    try {
      await callHelper(this.helper, { do: "install", product, version, origin }, exchange);
      this.endChange();
    } catch (error) {
      // What it has not kept after all has to be brought here.
      if (error instanceof InstallError && error.code === "install/no-way-back") {
        rmSync(this.noteOfKept, { force: true });
      }
      throw error;
    }
    this.noteKept(id);
    // By the time of its answer another version may be signed under this number: then it installed that one.
    const found = await this.installed();
    if (found?.id === id) return;
    throw new InstallError("install/replaced", `the helper installed another build of ${version}`, {
      expected: `build ${id}`,
      got: found === undefined ? "nothing installed" : `build ${found.id}`,
      help: "the agent decides anew at its next check",
    });
  }

  async restore(failed: Build, kept: Build | null): Promise<boolean> {
    const { product } = this.helper;
    const back = kept === null ? {} : { kept: kept.id };
    let changed = false;
    try {
      changed = await callHelper(this.helper, { do: "restore", product, failed: failed.id, ...back });
    } catch (error) {
      // Then nothing of it was ever begun.
      if (error instanceof InstallError && error.got === NOTHING_TO_RESTORE) this.endChange();
      throw error;
    }
    this.endChange();
    if (kept !== null) this.noteKept(kept.id);
    return changed;
  }

  setAside(build: Build): Promise<void> {
    return this.inner.setAside(build);
  }

  async sweep(needed: NeededBuilds): Promise<void> {
    await this.inner.sweep(needed);
    const { product } = this.helper;
    await callHelper(this.helper, { do: "settle", product });
  }

  private fetchInner(...given: Parameters<NonNullable<Format["fetch"]>>): Promise<void> {
    return this.inner.fetch?.(...given) ?? Promise.resolve();
  }

  private isWithout(installed: Build): Promise<boolean> {
    return this.inner.lacksFileOf?.(installed) ?? Promise.resolve(false);
  }

  /** Whether the helper has kept the file of what is installed, as it installed it itself. */
  private isWithHelper({ id }: Build): boolean {
    const read = readBounded(this.noteOfKept, MOST_ID_BYTES);
    return read.kind === "bytes" && read.bytes.toString("latin1") === id;
  }

  private noteKept(id: string): void {
    if (this.inner.lacksFileOf === undefined) return;
    try {
      replaceFile(this.noteOfKept, id);
    } catch {
      // Then its file is brought here once more, for nothing.
    }
  }

  /**
   * Of a package nobody but the helper can tell whether its scripts came to their end. Until the helper has said so, what
   * is installed is not taken for whole.
   */
  private beginChange(id: string): void {
    if (this.inner.lacksFileOf === undefined) return;
    try {
      replaceFile(this.noteOfChange, id);
    } catch (error) {
      throw fromFileError(error, "write", this.noteOfChange);
    }
  }

  private endChange(): void {
    rmSync(this.noteOfChange, { force: true });
  }

  private get noteOfChange(): string {
    return join(this.staging.directory, "asked-of-helper");
  }

  private get noteOfKept(): string {
    return join(this.staging.directory, "kept-by-helper");
  }

  private isDownloaded(build: Build): boolean {
    return existsSync(this.signedFile(build));
  }

  /** Swept like everything that is called like a staged file. */
  private signedFile(build: Build): string {
    return `${this.staging.staged(build)}.signed`;
  }
}
