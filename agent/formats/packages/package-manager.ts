import type { PACKAGE_FORMATS } from "../../../protocol/release.ts";

/**
 * What a format needs of a machine's package manager, and nothing more: each operation names the one package that it is
 * about, and none of them touches another.
 */
export interface PackageManager {
  readonly format: (typeof PACKAGE_FORMATS)[number];

  /** Changes with anything that is installed by it, and costs little to take; `undefined`: cannot be told cheaply. */
  fingerprint(): Promise<string | undefined>;

  /** What its database says. */
  installed(name: string): Promise<InstalledPackage | undefined>;

  /**
   * What a package file says of itself.
   *
   * @throws InstallError where it is no whole package
   */
  examine(file: string): Promise<PackageFile>;

  /**
   * Whether a package file could be installed with nothing else coming or going, changing nothing.
   *
   * @param folder empty, for what the tool needs
   * @throws InstallError `install/new-dependency`, `install/package-conflict`, ...
   */
  rehearse(file: string, name: string, folder: string): Promise<void>;

  /**
   * Refreshes the one repository and downloads the one version into an empty folder, installing nothing.
   *
   * @returns the file's path
   * @throws InstallError `install/new-dependency` where anything else would have to come along, ...
   */
  fetch(wanted: WantedPackage, folder: string, signal?: AbortSignal): Promise<string>;

  /**
   * Finds the file of the version that is installed: in its cache, or again from the repository.
   *
   * @returns `undefined` where it is nowhere to be had
   */
  findInstalledFile(
    wanted: Omit<WantedPackage, "repository"> & { readonly repository: string | undefined },
    folder: string,
  ): Promise<string | undefined>;

  /** The command that puts a package file in the place of whatever version is installed, older ones too. */
  installCommand(file: string): readonly string[];

  /**
   * The command that registers a package whose first installation was cut off, with all files that it may have laid
   * down, so that the package manager can take them away.
   */
  registerCommand(file: string): readonly string[];

  /** The command that takes the package away, however it stands, and leaves what a person configured. */
  removeCommand(name: string): readonly string[];

  /** What the output of such a command says went wrong; `undefined`: nothing, where the exit code was 0. */
  failure(output: string, code: number | null): PackageFailure | undefined;

  /** Files of the installed package that are not as the package brought them, those that are configured left out. */
  changedFiles(name: string): Promise<readonly string[]>;

  /**
   * Files that an installation of a package file laid down before it was cut off, and that now belong to no package: the
   * package manager itself has no record of them. What somebody has changed since is not among them.
   *
   * @param folder empty, for what the tool needs
   */
  leftBy(file: string, folder: string): Promise<readonly string[]>;

  /** Files of the installed package that the package manager may not have brought to the disk for good. */
  unsyncedFiles(name: string): Promise<readonly string[]>;

  /** Whether somebody else is at work with the package manager. */
  isLocked(): boolean;

  /** Seconds to wait for somebody else who is. */
  patience(): Promise<number>;
}

export interface WantedPackage {
  readonly name: string;
  /** Whole. */
  readonly version: string;
  /** As this machine calls it. */
  readonly repository: string;
}

export interface InstalledPackage {
  /** Whole, as `ReleasePackage` has it. */
  readonly version: string;
  /** Unpacked but not configured, or otherwise half-done; or registered twice. */
  readonly unfinished: boolean;
  /** The administrator's wish that it stays as it is. */
  readonly held: boolean;
}

export interface PackageFile {
  readonly name: string;
  readonly version: string;
  /** As the package manager names it. */
  readonly architecture: string;
  /** Whether this machine installs packages of that architecture. */
  readonly fits: boolean;
}

export type PackageFailure =
  | "new-dependency"
  | "package-conflict"
  | "package-script-failed"
  | "packages-locked"
  | "disk-full"
  | "not-writable"
  | "package-manager-failed";
