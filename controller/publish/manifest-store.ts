import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createFile, replaceFile } from "../files/replace-file.ts";
import type { OnlineLifetimes } from "./lifetimes.ts";
import { requireMetadata, TIMESTAMP_FILE } from "./manifest-roles.ts";
import { PublishError } from "./publish-error.ts";
import type { PublishedManifest } from "./published-manifest.ts";
import { restoreManifest } from "./restore-manifest.ts";
import { filesOf, isContents, selectStored } from "./stored-files.ts";

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
 * The last manifest on disk, so that a restarted controller serves it at once. Versioned files are never changed,
 * and the timestamp is written last and by a rename: whenever the process is killed, what the timestamp on disk leads
 * to is complete.
 *
 * Development and production have folders of their own. That of production is also the mark that this state was
 * once signed by people: it never falls back to development keys.
 */
export class ManifestStore {
  private readonly folder: string;
  private readonly lifetimes: OnlineLifetimes;

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
   * Reads and verifies the last complete manifest. What a killed process left behind is removed: no timestamp has led
   * to it, so nobody has seen it. What does not verify is put aside.
   */
  load(): LoadedManifest {
    if (!existsSync(this.folder)) return { versionFloor: 0 };
    const names = readdirSync(this.folder);
    const versionFloor = names.reduce((floor, name) => Math.max(floor, onlineVersionOf(name)), 0);
    if (!names.includes(TIMESTAMP_FILE)) {
      this.sweep(new Set());
      return { versionFloor };
    }
    try {
      const manifest = this.read(names);
      this.sweep(new Set(filesOf(manifest).keys()));
      return { manifest, versionFloor: Math.max(versionFloor, manifest.version) };
    } catch (error) {
      if (!(error instanceof PublishError)) throw error;
      this.putAside();
      return { damage: error, versionFloor };
    }
  }

  /**
   * Stores a manifest: everything that it names, then the timestamp. Files of manifests that are no longer served are
   * removed afterwards.
   *
   * @throws PublishError `publish/version-reused`: a stored file of that name has other bytes
   */
  save(manifest: PublishedManifest): void {
    const files = filesOf(manifest);
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    for (const [name, bytes] of files) this.writeOnce(name, bytes);
    const timestamp = requireMetadata(manifest.metadata, TIMESTAMP_FILE);
    replaceFile(join(this.folder, TIMESTAMP_FILE), timestamp, 0o600);
    this.sweep(new Set(files.keys()));
  }

  private writeOnce(name: string, bytes: Buffer): void {
    const path = join(this.folder, name);
    if (!existsSync(path)) {
      createFile(path, bytes, 0o600);
    } else if (!isContents(name) && !readFileSync(path).equals(bytes)) {
      throw new PublishError("publish/version-reused", `\`${name}\` is stored already with other content`, {
        help: "a published version never changes: sign the role again, which gives it a new one",
      });
    }
  }

  private read(names: readonly string[]): PublishedManifest {
    const files = new Map<string, Buffer>();
    for (const name of names) {
      if (name.endsWith(".json")) files.set(name, readFileSync(join(this.folder, name)));
    }
    return restoreManifest(selectStored(files), this.lifetimes);
  }

  /** Keeps what cannot be used for whoever wants to know why, and begins anew. */
  private putAside(): void {
    const aside = `${this.folder}.damaged`;
    rmSync(aside, { recursive: true, force: true });
    renameSync(this.folder, aside);
    mkdirSync(this.folder, { mode: 0o700 });
  }

  private sweep(wanted: ReadonlySet<string>): void {
    for (const name of readdirSync(this.folder)) {
      if (name !== TIMESTAMP_FILE && !wanted.has(name)) rmSync(join(this.folder, name), { force: true });
    }
  }
}

/** The version in the name of a file that the online key signs or that comes with one; else 0. */
function onlineVersionOf(name: string): number {
  return Number(/^(\d+)\.(?:policy|snapshot|contents)\.json$/.exec(name)?.[1] ?? 0);
}
