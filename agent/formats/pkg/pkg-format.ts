import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ProtocolError } from "../../../protocol/protocol-error.ts";
import { object, parseJson, text } from "../../../protocol/read-json.ts";
import type { ReleaseArtifact } from "../../../protocol/release.ts";
import { duplicateFile } from "../../files/copy-file.ts";
import { sha256OfFile } from "../../files/hash-file.ts";
import { readBounded } from "../../files/read-bounded.ts";
import { replaceFile } from "../../files/replace-file.ts";
import type { Build } from "../../installation/build.ts";
import { fromFileError, InstallError } from "../../installation/install-error.ts";
import { StagingFolder } from "../../installation/staging-folder.ts";
import { type SelfTest, selfTest } from "../../process/self-test.ts";
import type {
  Format,
  InstalledFacts,
  ManagedProduct,
  NeededBuilds,
  ProvingLimits,
  ProvingPlace,
  StageOrigin,
} from "../format.ts";
import { type MacPackages, type Receipt, SystemMacPackages } from "./mac-packages.ts";

const MAX_NOTE_BYTES = 1024;
/** Begins the id of a build that this format did not install. */
const UNKNOWN = "unknown-";
const readNote = object({
  id: text({ max: 64 }),
  version: text({ max: 128 }),
  installedAt: text({ max: 15 }),
});

/**
 * A macOS installer package, put in by macOS itself. The receipt says what is installed; which signed file that was is
 * noted beside it, under the receipt's own words, so that a package that somebody else installed is not taken for ours.
 * The signed package of each installed version is kept: going back is installing the one before.
 */
export class PkgFormat implements Format {
  readonly name = "pkg";
  readonly staging: StagingFolder;
  readonly program: string;
  private readonly product: string;
  private readonly note: string;
  private readonly test: SelfTest;
  private readonly packages: MacPackages;

  /** @throws InstallError `install/installer-failed` where the config does not name the package */
  constructor(
    { installPath, selfTest, staging, package: receipt }: ManagedProduct,
    packages: MacPackages = new SystemMacPackages(),
  ) {
    if (receipt === undefined) {
      throw new InstallError("install/installer-failed", "nothing says which package this product is", {
        help: "name the identifier of its receipt (`pkgutil --pkgs` lists them) as `package` in the config",
      });
    }
    this.product = receipt.name;
    this.program = installPath;
    this.test = selfTest;
    this.packages = packages;
    this.staging = staging === undefined ? StagingFolder.beside(installPath) : StagingFolder.at(staging);
    this.note = join(dirname(installPath), `.${basename(installPath)}.fairlead-package`);
  }

  buildId({ sha256 }: ReleaseArtifact): string {
    return sha256;
  }

  async installed(): Promise<InstalledFacts | undefined> {
    const receipt = await this.packages.receipt(this.product);
    if (receipt === undefined) return undefined;
    const { version, installedAt } = receipt;
    return {
      id: this.notedId(receipt) ?? `${UNKNOWN}${version}-${installedAt}`,
      fingerprint: `${version}:${installedAt}`,
    };
  }

  async tellVersion(): Promise<string | undefined> {
    return (await this.packages.receipt(this.product))?.version;
  }

  async stage(build: Build, origin: StageOrigin): Promise<void> {
    const staged = this.staging.staged(build);
    try {
      if (origin === "kept") {
        this.requireKept(build);
        duplicateFile(this.staging.kept(build), staged, this.staging.scratch);
      }
      const got = sha256OfFile(staged);
      if (got === build.id) return;
      rmSync(staged, { force: true });
      throw new InstallError("install/tampered", `the staged package of ${build.version} changed on disk`, {
        expected: `sha256 ${build.id}`,
        got: got === undefined ? "no file" : `sha256 ${got}`,
        help: "look at the disk; the file is fetched again at the next check",
      });
    } catch (error) {
      throw fromFileError(error, "stage", staged);
    }
  }

  /** Before: that macOS can read it. Afterwards: that its program says its version. */
  async prove(build: Build, place: ProvingPlace, { seconds, signal }: ProvingLimits): Promise<void> {
    if (place === "staged") {
      await this.packages.inspect(this.staging.staged(build), signal);
      return;
    }
    const limit = Math.min(this.test.seconds, seconds ?? this.test.seconds);
    await selfTest({ ...this.test, seconds: limit }, this.program, build.version, signal);
  }

  /** Its own package was kept when it was installed. One that somebody else put in has none, and so no way back. */
  async keep(installed: Build): Promise<void> {
    if (!installed.id.startsWith(UNKNOWN)) this.requireKept(installed);
  }

  async swap(build: Build): Promise<void> {
    try {
      duplicateFile(this.staging.staged(build), this.staging.kept(build), this.staging.scratch);
    } catch (error) {
      throw fromFileError(error, "keep the package as", this.staging.kept(build));
    }
    const before = (await this.installed())?.id;
    try {
      await this.put(build);
    } catch (error) {
      await this.putBackFiles(before);
      throw error;
    }
  }

  async restore(failed: Build, kept: Build | null): Promise<boolean> {
    const found = await this.installed();
    if (found?.id === kept?.id) return false;
    if (kept === null) {
      throw new InstallError("install/previous-damaged", "macOS cannot take a package away again", {
        got: `${failed.version} is the first that was installed`,
        help: "what is installed stays; promote a newer version, or remove it by hand",
      });
    }
    this.requireKept(kept);
    await this.put(kept);
    return true;
  }

  async setAside(build: Build): Promise<void> {
    const staged = this.staging.staged(build);
    if (existsSync(staged)) renameSync(staged, this.staging.broken(build));
  }

  async sweep({ downloading, previous, installed }: NeededBuilds): Promise<void> {
    const isGood = installed !== undefined && (await this.installed())?.id === installed.id;
    const needed = new Set([
      ...(downloading === undefined
        ? []
        : [this.staging.staged(downloading), this.staging.etag(downloading)]),
      // The installed one's too: it is the way back from the next.
      ...[previous, installed].flatMap((build) => (build === undefined ? [] : this.staging.kept(build))),
    ]);
    const { directory } = this.staging;
    for (const name of existsSync(directory) ? readdirSync(directory) : []) {
      const path = join(directory, name);
      if (needed.has(path) || (name.startsWith("previous-") && !isGood)) continue;
      if (/^(staged|previous)-|^copy\.new$/.test(name)) rmSync(path, { force: true });
    }
    const broken = existsSync(this.staging.brokenFolder) ? readdirSync(this.staging.brokenFolder).sort() : [];
    for (const name of broken.slice(0, -1)) rmSync(join(this.staging.brokenFolder, name), { force: true });
  }

  /** macOS puts a package in, and then what it was is noted: a kill between the two has it installed once more. */
  private async put(build: Build): Promise<void> {
    await this.packages.install(this.staging.kept(build));
    const receipt = await this.packages.receipt(this.product);
    if (receipt === undefined) {
      throw new InstallError("install/installer-failed", `the package of ${build.version} left no receipt`, {
        expected: `a receipt of ${this.product}`,
        got: "none",
        help: "the package has another identifier than `package` in the config says",
      });
    }
    try {
      replaceFile(this.note, `${JSON.stringify({ id: build.id, ...receipt })}\n`, 0o644);
    } catch (error) {
      throw fromFileError(error, "note what is installed in", this.note);
    }
  }

  /** An installer that fails half-way may have replaced some files: the package before goes in once more. */
  private async putBackFiles(id: string | undefined): Promise<void> {
    if (id === undefined || id.startsWith(UNKNOWN)) return;
    const build = { version: "", id };
    try {
      this.requireKept(build);
      await this.put(build);
    } catch {
      // What stopped the new one says more.
    }
  }

  private notedId({ version, installedAt }: Receipt): string | undefined {
    const read = readBounded(this.note, MAX_NOTE_BYTES);
    if (read.kind !== "bytes") return undefined;
    try {
      const note = readNote(parseJson(read.bytes, MAX_NOTE_BYTES), "");
      return note.version === version && note.installedAt === installedAt ? note.id : undefined;
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }

  private requireKept(build: Build): void {
    const got = sha256OfFile(this.staging.kept(build));
    if (got === build.id) return;
    throw new InstallError(
      "install/previous-damaged",
      `the kept package of ${build.version} is not the signed one`,
      {
        expected: `sha256 ${build.id}`,
        got: got === undefined ? "no file" : `sha256 ${got}`,
        help: "install the signed package of the installed version once more by hand, or promote a newer one",
      },
    );
  }
}
