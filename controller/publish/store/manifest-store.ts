import { existsSync, readdirSync, renameSync, rmSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { knownBytes } from "../../files/known-bytes.ts";
import { makeFolder } from "../../files/make-folder.ts";
import { createFile, replaceFile } from "../../files/replace-file.ts";
import { errnoOf, onFile } from "../../files/system-error.ts";
import type { OnlineLifetimes } from "../../trust/lifetimes.ts";
import { readRole } from "../../trust/read-role.ts";
import { requireMetadata, TIMESTAMP_FILE } from "../manifest-roles.ts";
import { PublishError } from "../publish-error.ts";
import type { PublishedManifest } from "../published-manifest.ts";
import { decodePack, encodePack, type Pack } from "./manifest-pack.ts";
import type { LoadedManifest, PublicationStore, Succession } from "./publication-store.ts";
import { asDamage, readStored } from "./read-stored.ts";
import { restoreManifest } from "./restore-manifest.ts";
import { mergePacks, PackShelf } from "./stored-packs.ts";

/** Whether people or development keys signed root, targets and releases. */
export type TrustMode = "trust" | "dev";

const FOLDERS: Readonly<Record<TrustMode, string>> = { trust: "manifest", dev: "manifest-dev" };

/**
 * The last manifest on disk, so that a restarted controller serves it at once. Each publish adds one pack with the
 * files that are new, and then replaces the timestamp by a rename: whenever the process is killed, what the timestamp
 * on disk leads to is complete. A pack is never changed, and removed when nothing of it is served any more.
 *
 * Development and production have folders of their own. That of production is also the mark that this state was
 * once signed by people: it never falls back to development keys.
 *
 * Only one process writes here at a time: who publishes holds the lock of the state folder. That what is stored is what
 * a manifest replaces is compared all the same, for a lock that a network file system lost.
 */
export class ManifestStore implements PublicationStore {
  private readonly folder: string;
  private readonly lifetimes: OnlineLifetimes;
  private shelf = new PackShelf();
  /** The timestamp that was stored last. */
  private written: { readonly bytes: Buffer; readonly version: number } | undefined;

  private constructor(folder: string, lifetimes: OnlineLifetimes) {
    this.folder = folder;
    this.lifetimes = lifetimes;
  }

  /** Whether anything was ever published in this mode. */
  static exists(stateFolder: string, mode: TrustMode): boolean {
    return existsSync(join(stateFolder, FOLDERS[mode]));
  }

  /** Whether anything was ever published from a state folder, although it may be damaged by now. */
  static hasPublished(stateFolder: string): boolean {
    return Object.values(FOLDERS).some((name) =>
      [name, asideOf(name)].some((folder) => existsSync(join(stateFolder, folder))),
    );
  }

  /**
   * @param stateFolder the controller's state folder
   * @throws PublishError `publish/trust-removed`: development mode where people have signed before
   */
  static open(stateFolder: string, mode: TrustMode, lifetimes: OnlineLifetimes): ManifestStore {
    if (mode === "dev" && ManifestStore.exists(stateFolder, "trust")) {
      throw new PublishError(
        "publish/trust-removed",
        "the commit has no trust/ folder, and this controller has published manifests that people signed",
        { help: "restore trust/ in git: agents refuse what development keys sign" },
      );
    }
    const folder = join(stateFolder, FOLDERS[mode]);
    return new ManifestStore(folder, lifetimes);
  }

  /**
   * Reads and verifies the last complete manifest; call it once, before the first `publish`. What a killed process left
   * behind is removed: no timestamp has led to it, so nobody has seen it. What cannot be read, or does not verify, is
   * put aside.
   *
   * @throws SystemError where this user may not read it, or it cannot be put aside
   */
  load(): LoadedManifest {
    if (!existsSync(this.folder)) return { versionFloor: 0 };
    let versionFloor = 0;
    try {
      const names = this.list();
      versionFloor = names.reduce((floor, name) => Math.max(floor, packVersionOf(name) ?? 0), 0);
      const manifest = names.includes(TIMESTAMP_FILE) ? this.read(names) : undefined;
      if (manifest !== undefined) this.shelf.drop(manifest);
      this.sweep();
      if (manifest === undefined) return { versionFloor };
      return { manifest, versionFloor: Math.max(versionFloor, manifest.version) };
    } catch (error) {
      if (!(error instanceof PublishError)) throw error;
      this.putAside();
      return { damage: error, versionFloor };
    }
  }

  /**
   * Stores a manifest: what is new of it, then the timestamp. Packs of manifests that are no longer served are removed
   * afterwards.
   */
  publish(manifest: PublishedManifest, { replaces, startsAnew }: Succession): void {
    const stored = this.storedVersion();
    if (stored !== undefined && stored !== replaces) throw superseded(stored);
    if (startsAnew && existsSync(this.folder)) this.putAside();
    // What was there is gone: this manifest is stored whole.
    else if (stored === undefined) this.shelf = new PackShelf();
    const pack = this.shelf.packFor(manifest);
    makeFolder(this.folder, 0o700);
    if (pack !== undefined) {
      this.addPack(manifest.version, pack);
      this.shelf.add(manifest.version, pack);
    }
    const timestamp = requireMetadata(manifest.metadata, TIMESTAMP_FILE);
    replaceFile(join(this.folder, TIMESTAMP_FILE), timestamp, 0o600);
    this.written = { bytes: timestamp, version: manifest.version };
    this.shelf.stored(manifest);
    for (const dropped of this.shelf.drop(manifest)) remove(join(this.folder, packName(dropped)));
  }

  private addPack(version: number, pack: Pack): void {
    try {
      createFile(join(this.folder, packName(version)), encodePack(pack), 0o600);
    } catch (error) {
      throw errnoOf(error) === "EEXIST" ? superseded(version) : error;
    }
  }

  /** Version of the stored timestamp; `undefined` where there is none that can be read. */
  private storedVersion(): number | undefined {
    try {
      const bytes = readStored(join(this.folder, TIMESTAMP_FILE));
      // Nearly always it is what this store has written.
      return this.written?.bytes.equals(bytes) === true ? this.written.version : readTimestamp(bytes).version;
    } catch (error) {
      if (error instanceof PublishError) return undefined;
      throw error;
    }
  }

  private list(): string[] {
    try {
      return readdirSync(this.folder);
    } catch (error) {
      throw asDamage(error, this.folder);
    }
  }

  private read(names: readonly string[]): PublishedManifest {
    const timestamp = readStored(join(this.folder, TIMESTAMP_FILE));
    const { version } = readTimestamp(timestamp);
    const packs = names
      .flatMap((name) => packVersionOf(name) ?? [])
      .filter((number) => number <= version)
      .sort((a, b) => a - b)
      .map((number): [number, Pack] => {
        const name = packName(number);
        const pack = decodePack(name, readStored(join(this.folder, name)));
        // What people signed comes from git as well.
        for (const bytes of pack.metadata.values()) knownBytes(bytes);
        return [number, pack];
      });
    for (const [number, pack] of packs) this.shelf.add(number, pack);
    return restoreManifest(
      mergePacks(
        packs.map(([, pack]) => pack),
        timestamp,
      ),
      this.lifetimes,
    );
  }

  /** Moves a store that cannot be used aside, where a person can look at it, and begins an empty one. */
  private putAside(): void {
    this.shelf = new PackShelf();
    const aside = asideOf(this.folder);
    onFile(this.folder, "moved away", () => {
      rmSync(aside, { recursive: true, force: true });
      renameSync(this.folder, aside);
    });
    makeFolder(this.folder, 0o700);
  }

  /** Removes every file that is not needed. */
  private sweep(): void {
    const wanted = new Set([TIMESTAMP_FILE, ...this.shelf.versions().map(packName)]);
    for (const name of this.list()) {
      if (!wanted.has(name)) remove(join(this.folder, name));
    }
  }
}

/** Removes a file, or whatever stands in its place. */
function remove(path: string): void {
  try {
    // Looking at it first, as `rmSync` does, costs more than removing it.
    unlinkSync(path);
  } catch {
    onFile(path, "moved away", () => rmSync(path, { recursive: true, force: true }));
  }
}

function asideOf(folder: string): string {
  return `${folder}.damaged`;
}

function superseded(version: number): PublishError {
  return new PublishError(
    "publish/superseded",
    `another controller has published version ${version} from the same state folder`,
    { help: "run one controller for each state folder, and start this one anew" },
  );
}

function packName(version: number): string {
  return `${version}.pack`;
}

function packVersionOf(name: string): number | undefined {
  const version = /^(\d+)\.pack$/.exec(name)?.[1];
  return version === undefined ? undefined : Number(version);
}

/** @throws PublishError `publish/store-damaged` */
function readTimestamp(bytes: Buffer): { readonly version: number } {
  try {
    return readRole("timestamp", bytes).role;
  } catch (cause) {
    throw new PublishError("publish/store-damaged", "the stored timestamp cannot be read", {
      help: "it is signed anew from the commit",
      cause,
    });
  }
}
