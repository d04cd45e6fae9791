import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createFile, replaceFile } from "../../files/replace-file.ts";
import type { OnlineLifetimes } from "../../trust/lifetimes.ts";
import { readRole } from "../../trust/read-role.ts";
import { requireMetadata, TIMESTAMP_FILE } from "../manifest-roles.ts";
import { PublishError } from "../publish-error.ts";
import type { PublishedManifest } from "../published-manifest.ts";
import { decodePack, encodePack, type Pack } from "./manifest-pack.ts";
import { restoreManifest } from "./restore-manifest.ts";
import { mergePacks, PackShelf } from "./stored-packs.ts";

/** Whether people or development keys signed root, targets and releases. */
export type TrustMode = "trust" | "dev";

const FOLDERS: Readonly<Record<TrustMode, string>> = { trust: "manifest", dev: "manifest-dev" };

/** What the store holds at a start. */
export interface LoadedManifest {
  /** The last complete manifest; absent where nothing was ever published. */
  readonly manifest?: PublishedManifest;
  /** Why what is stored cannot be used. */
  readonly damage?: PublishError;
  /** The highest version that any stored file carries, complete or not: none is ever used again. */
  readonly versionFloor: number;
}

/**
 * The last manifest on disk, so that a restarted controller serves it at once. Each publish adds one pack with the
 * files that are new, and then replaces the timestamp by a rename: whenever the process is killed, what the timestamp
 * on disk leads to is complete. A pack is never changed, and removed when nothing of it is served any more.
 *
 * Development and production have folders of their own. That of production is also the mark that this state was
 * once signed by people: it never falls back to development keys.
 */
export class ManifestStore {
  private readonly folder: string;
  private readonly lifetimes: OnlineLifetimes;
  private shelf = new PackShelf();

  private constructor(folder: string, lifetimes: OnlineLifetimes) {
    this.folder = folder;
    this.lifetimes = lifetimes;
  }

  /** Whether anything was ever published in this mode. */
  static exists(stateFolder: string, mode: TrustMode): boolean {
    return existsSync(join(stateFolder, FOLDERS[mode]));
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
   * Reads and verifies the last complete manifest; call it once, before the first `save`. What a killed process left
   * behind is removed: no timestamp has led to it, so nobody has seen it. What does not verify is put aside.
   */
  load(): LoadedManifest {
    if (!existsSync(this.folder)) return { versionFloor: 0 };
    const names = readdirSync(this.folder);
    const versionFloor = names.reduce((floor, name) => Math.max(floor, packVersionOf(name) ?? 0), 0);
    if (!names.includes(TIMESTAMP_FILE)) {
      this.sweep();
      return { versionFloor };
    }
    try {
      const manifest = this.read(names);
      this.shelf.drop(manifest);
      this.sweep();
      return { manifest, versionFloor: Math.max(versionFloor, manifest.version) };
    } catch (error) {
      if (!(error instanceof PublishError)) throw error;
      this.shelf = new PackShelf();
      this.putAside();
      return { damage: error, versionFloor };
    }
  }

  /**
   * Stores a manifest: what is new of it, then the timestamp. Packs of manifests that are no longer served are removed
   * afterwards.
   *
   * @throws PublishError `publish/version-reused`: a stored file of that name has other bytes
   */
  save(manifest: PublishedManifest): void {
    const pack = this.shelf.packFor(manifest);
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    if (pack !== undefined) {
      createFile(join(this.folder, packName(manifest.version)), encodePack(pack), 0o600);
      this.shelf.add(manifest.version, pack);
    }
    const timestamp = requireMetadata(manifest.metadata, TIMESTAMP_FILE);
    replaceFile(join(this.folder, TIMESTAMP_FILE), timestamp, 0o600);
    this.shelf.stored(manifest);
    if (this.shelf.drop(manifest)) this.sweep();
  }

  /** Puts what is stored aside, so that the next manifest is stored whole, whatever its version. */
  startAnew(): void {
    this.shelf = new PackShelf();
    if (existsSync(this.folder)) this.putAside();
  }

  private read(names: readonly string[]): PublishedManifest {
    const timestamp = readFileSync(join(this.folder, TIMESTAMP_FILE));
    const { version } = readTimestamp(timestamp);
    const packs = names
      .flatMap((name) => packVersionOf(name) ?? [])
      .filter((number) => number <= version)
      .sort((a, b) => a - b)
      .map((number): [number, Pack] => {
        const name = packName(number);
        return [number, decodePack(name, readFileSync(join(this.folder, name)))];
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
    const aside = `${this.folder}.damaged`;
    rmSync(aside, { recursive: true, force: true });
    renameSync(this.folder, aside);
    mkdirSync(this.folder, { mode: 0o700 });
  }

  /** Removes every file that is not needed. */
  private sweep(): void {
    const wanted = new Set([TIMESTAMP_FILE, ...this.shelf.versions().map(packName)]);
    for (const name of readdirSync(this.folder)) {
      if (!wanted.has(name)) rmSync(join(this.folder, name), { force: true });
    }
  }
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
