import type { ArtifactFormat, ReleaseArtifact } from "../../protocol/release.ts";
import type { Build } from "../installation/build.ts";
import type { StagingFolder } from "../installation/staging-folder.ts";
import type { SelfTest } from "../process/self-test.ts";
import type { ServiceRestart } from "../service/service-restart.ts";

/**
 * One way in which a product gets onto a machine: a single executable file, a package, an archive. The life cycle
 * decides what is done next and writes it down; a format does it, and alone knows how.
 *
 * What each format must keep to, because a kill can come at any instant:
 *
 * - Every operation can be repeated. After a kill the life cycle asks again for what its journal does not call done.
 * - `installed` looks at the machine each time. It is what tells a swap that a kill left unnoted from one that never was.
 * - Once `keep` has returned, `restore` needs no network and no more space than the machine has.
 * - `stage` and `prove` may take minutes and end with `install/aborted` at their signal. `swap` and `restore` are never
 *   stopped half-way, and so get no signal.
 *
 * Every operation throws `InstallError`; whether its code speaks against the build decides if that is blocked here.
 */
export interface Format {
  /** As releases name it. */
  readonly name: ArtifactFormat;

  /** The id that this artifact has once it is installed. */
  buildId(artifact: ReleaseArtifact): string;

  /** Where downloads come to and copies wait. */
  readonly staging: StagingFolder;

  /** Absolute path of the program once it is installed: what `{path}` stands for in configured commands. */
  readonly program: string;

  /**
   * Brings a build's bytes into staging, for a format that may have them from somewhere else than the update server (a
   * package manager's own repository), or notes something about them. Absent: the agent downloads the signed target.
   *
   * @param download puts the signed target into staging, for an artifact that is one
   * @throws InstallError before anything was changed; `install/aborted` at the signal
   */
  readonly fetch?: (
    build: Build,
    artifact: ReleaseArtifact,
    download: () => Promise<void>,
    signal?: AbortSignal,
  ) => Promise<void>;

  /** Restarts the service that runs the product, where one is configured: `openFormat` sees to it. */
  restart?: ServiceRestart;

  /**
   * Files that may have the bytes of this build, for deltas from it. Absent: this format keeps no file as it was
   * downloaded.
   */
  readonly filesOf?: (id: string) => readonly string[];

  /**
   * What is installed now.
   *
   * @param known what was found last time: where its fingerprint still holds, a format need not look closer
   * @returns `undefined` when nothing is installed
   */
  installed(known?: InstalledFacts): Promise<InstalledFacts | undefined>;

  /** What the installed build calls itself, for one that no release names; `undefined` when it cannot be told. */
  tellVersion(): Promise<string | undefined>;

  /**
   * Makes a build ready to be swapped in, and checks once more that its bytes are the signed ones.
   *
   * @param origin `download`: it lies in staging, or is for the package manager to fetch; `kept`: it is the build that
   *   an earlier `keep` kept
   */
  stage(build: Build, origin: StageOrigin, signal?: AbortSignal): Promise<void>;

  /**
   * Proves that a build runs on this machine and is the version that it should be, as far as this can be told at that
   * place. Here and not in the life cycle, because only a format knows what can be run before the swap (a file can, a
   * package not), and which refusals speak against the build.
   */
  prove(build: Build, place: ProvingPlace, limits: ProvingLimits): Promise<void>;

  /** Keeps what is installed, so that `restore` and a person's `rollback` have it. */
  keep(installed: Build): Promise<void>;

  /**
   * Whether `keep` would have to look for the file of what is installed elsewhere. Absent: what is installed is that file.
   */
  readonly lacksFileOf?: (installed: Build) => Promise<boolean>;

  /** Replaces what is installed by a staged build. */
  swap(build: Build): Promise<void>;

  /**
   * Undoes a swap: puts the kept build back, or takes `failed` away where nothing was installed before. Keeps `failed`
   * aside to look at, if that can be done: nothing that can fail stands before the restore.
   *
   * @returns whether anything had to be changed
   * @throws InstallError `install/previous-damaged`: there is nothing good to go back to; what is installed stays
   */
  restore(failed: Build, kept: Build | null): Promise<boolean>;

  /** Keeps a staged build that proved bad aside, to look at. */
  setAside(build: Build): Promise<void>;

  /**
   * Ends what a kill left half-done inside a swap, for a format that has to stop the product for one. Asked at each start
   * and by whoever looks after the machine from time to time; costs nothing where there is nothing to do.
   *
   * @returns whether there was anything
   */
  recover?(): Promise<boolean>;

  /**
   * What of this machine stands in the way of the format beside folders and space, such as a package manager or a
   * repository that is not there. Changes nothing. Absent: nothing else could.
   */
  readonly obstacles?: () => Promise<readonly Obstacle[]>;

  /** Removes what none of the named builds needs. The last good build of the machine is never removed. */
  sweep(needed: NeededBuilds): Promise<void>;
}

/** For people: one line in lower case without a full stop, and what to do. */
export interface Obstacle {
  readonly text: string;
  readonly help: string;
}

/** What stands on the machine, as its format can tell. */
export interface InstalledFacts {
  /** As in `Build`. */
  readonly id: string;
  /** Changes with whatever is installed, and costs little to take. */
  readonly fingerprint: string;
  /**
   * A swap or a restore began and did not end: what is there may be neither build. Doing either once more ends it.
   * Absent: whole.
   */
  readonly unfinished?: true;
}

export type StageOrigin = "download" | "kept";
export type ProvingPlace = "staged" | "installed";

export interface ProvingLimits {
  /** The proof's own limit holds as well. */
  readonly seconds?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface NeededBuilds {
  /** Is being downloaded: what has come of it stays. */
  readonly downloading?: Build | undefined;
  /** The one that `rollback` goes back to. */
  readonly previous?: Build | undefined;
  /** Should be what is installed. Copies of others are let go of only while it is. */
  readonly installed?: Build | undefined;
}

/** What a format is told of the one product that it looks after. */
export interface ManagedProduct {
  /** Absolute path of what is installed: a file, or the folder of an archive's versions. */
  readonly installPath: string;
  readonly selfTest: SelfTest;
  /** The program inside an archive, relative to its root, with `/`: `bin/lantern`. */
  readonly executable?: string;
  /** What the machine's package manager calls the product. */
  readonly package?: PackageSettings;
  /** A folder for staging, for formats that cannot have it beside the installed file; absent: beside it. */
  readonly stagingFolder?: string;
  /** The service that runs it, as the machine's service manager calls it. */
  readonly service?: string;
  /** Where builds wait: absent, a folder beside what is installed. */
  readonly staging?: string;
  /** For an agent that runs without rights. */
  readonly helper?: HelperSettings;
  /** It is the agent that runs here: where a program has to be stopped to be exchanged, this one is not. */
  readonly isSelf?: true;
}

/** How an agent without rights has its product installed. */
export interface HelperSettings {
  /** Unix socket of the privileged helper. */
  readonly socket: string;
  /** What the helper's config calls the product. */
  readonly product: string;
  /** The agent's folder of verified metadata, of which the helper asks for what it has to verify itself. */
  readonly metadata: string;
  /** A folder of the agent's own, for downloads and self-tests: it may not write beside what is installed. */
  readonly staging: string;
}

/** What this machine says of a package. */
export interface PackageSettings {
  readonly name: string;
  /** What the repository is called here, where that is not what the release calls it. */
  readonly repository?: string;
  /** Update also where the installed package's file is nowhere to be had, so that nothing can be put back. */
  readonly withoutWayBack?: true;
}
