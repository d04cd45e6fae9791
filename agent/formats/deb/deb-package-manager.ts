import { lstatSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { sha256OfFile } from "../../files/hash-file.ts";
import { InstallError } from "../../installation/install-error.ts";
import { isRecordLocked } from "../packages/lock-holders.ts";
import type {
  InstalledPackage,
  PackageFailure,
  PackageFile,
  PackageManager,
  WantedPackage,
} from "../packages/package-manager.ts";
import { requireRoom } from "../packages/require-room.ts";
import { runTool, toolFailed } from "../packages/run-tool.ts";
import { askApt, fetchFromApt, findInCache, rehearseInApt } from "./apt.ts";
import { changedFilesIn, dpkgFailure, filesIn } from "./dpkg-output.ts";

const DATABASE = "/var/lib/dpkg";
/** A field as dpkg-query and dpkg-deb are asked for it. */
const field = (name: string): string => `\${${name}}`;
const SHOWN = ["db:Status-Want", "db:Status-Eflag", "db:Status-Status", "Architecture", "Version"];
/** dpkg-query's own exit code for a package that it does not know. */
const UNKNOWN_PACKAGE = 1;
/** Seconds to wait for others, where apt's own setting does not say. */
const PATIENCE = 30;

/** dpkg, and apt for what has to be fetched. */
export class DebPackageManager implements PackageManager {
  readonly format = "deb";

  async fingerprint(): Promise<string | undefined> {
    try {
      return [`${DATABASE}/status`, `${DATABASE}/updates`]
        .map((path) => {
          const { ino, size, mtimeNs } = statSync(path, { bigint: true });
          return `${ino}:${size}:${mtimeNs}`;
        })
        .join("/");
    } catch {
      return undefined;
    }
  }

  async installed(name: string): Promise<InstalledPackage | undefined> {
    const argv = ["dpkg-query", "--show", `--showformat=${SHOWN.map(field).join(" ")}\n`, name];
    const result = await runTool(argv);
    if (result.code === UNKNOWN_PACKAGE) return undefined;
    if (result.code !== 0) throw toolFailed(argv, result);
    const known = result.stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" "))
      .filter(([, , status]) => status !== "not-installed" && status !== "config-files");
    const [first, second] = known;
    if (first === undefined) return undefined;
    if (second !== undefined) {
      throw new InstallError("install/wrong-package", `\`${name}\` is installed for several architectures`, {
        got: known.map(([, , , architecture]) => architecture).join(", "),
        help: "remove all but one of them: the agent looks after one",
      });
    }
    const [want, flag, status, , version = ""] = first;
    return {
      version,
      unfinished:
        flag !== "ok" || !["installed", "triggers-pending", "triggers-awaited"].includes(status ?? ""),
      held: want === "hold",
    };
  }

  async examine(file: string): Promise<PackageFile> {
    const shown = ["Package", "Version", "Architecture"].map(field).join(" ");
    const argv = ["dpkg-deb", "--show", `--showformat=${shown}`, file];
    const [result, own, whole] = [
      await runTool(argv),
      await runTool(["dpkg", "--print-architecture"]),
      // Reads and unpacks every byte of it, into nothing.
      await runTool(["sh", "-c", 'exec dpkg-deb --fsys-tarfile "$0" >/dev/null', file], { seconds: 600 }),
    ];
    if (result.code !== 0) throw toolFailed(argv, result);
    if (whole.code !== 0) throw toolFailed(["dpkg-deb", "--fsys-tarfile", file], whole);
    const [name = "", version = "", architecture = ""] = result.stdout.trim().split(" ");
    return { name, version, architecture, fits: [own.stdout.trim(), "all"].includes(architecture) };
  }

  async rehearse(file: string, name: string, folder: string): Promise<void> {
    await rehearseInApt(file, name, folder);
    const argv = ["dpkg-deb", "--contents", file];
    const result = await runTool(argv, { seconds: 600 });
    if (result.code !== 0) throw toolFailed(argv, result);
    requireRoom(filesIn(result.stdout));
  }

  fetch(wanted: WantedPackage, folder: string, signal?: AbortSignal): Promise<string> {
    return fetchFromApt(wanted, folder, signal);
  }

  async findInstalledFile(
    { name, version, repository }: Parameters<PackageManager["findInstalledFile"]>[0],
    folder: string,
  ): Promise<string | undefined> {
    const cached = await findInCache(name, version);
    if (cached !== undefined || repository === undefined) return cached;
    try {
      return await fetchFromApt({ name, version, repository }, folder, undefined, "again");
    } catch (error) {
      if (error instanceof InstallError && error.code === "install/package-not-found") return undefined;
      throw error;
    }
  }

  installCommand(file: string): readonly string[] {
    return ["dpkg", "--force-confold", "--install", file];
  }

  registerCommand(file: string): readonly string[] {
    return ["dpkg", "--force-confold", "--unpack", file];
  }

  removeCommand(name: string): readonly string[] {
    // dpkg itself keeps one that was cut off, for a person to install again.
    return ["dpkg", "--force-remove-reinstreq", "--remove", name];
  }

  failure(output: string, code: number | null): PackageFailure | undefined {
    return dpkgFailure(output, code);
  }

  async changedFiles(name: string): Promise<readonly string[]> {
    const { stdout } = await runTool(["dpkg", "--verify", name], { seconds: 600 });
    return changedFilesIn(stdout);
  }

  async leftBy(file: string, folder: string): Promise<readonly string[]> {
    const argv = ["dpkg-deb", "--extract", file, folder];
    const result = await runTool(argv, { seconds: 600 });
    if (result.code !== 0) throw toolFailed(argv, result);
    // Empty where it has none.
    const configured = await runTool(["dpkg-deb", "--info", file, "conffiles"]);
    const conffiles = new Set(configured.code === 0 ? configured.stdout.split("\n") : []);
    const left: string[] = [];
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const copy = join(entry.parentPath, entry.name);
      const path = `/${relative(folder, copy)}`;
      if (lstatSync(`${path}.dpkg-new`, { throwIfNoEntry: false }) !== undefined)
        left.push(`${path}.dpkg-new`);
      if (conffiles.has(path) || !isSameFile(path, copy)) continue;
      const { code, stderr } = await runTool(["dpkg-query", "--search", path]);
      if (code !== 0 && /no path found matching/.test(stderr)) left.push(path);
    }
    return left;
  }

  /** dpkg syncs what it unpacks before it calls that unpacked. */
  async unsyncedFiles(): Promise<readonly string[]> {
    return [];
  }

  isLocked(): boolean {
    return isRecordLocked(`${DATABASE}/lock-frontend`) || isRecordLocked(`${DATABASE}/lock`);
  }

  async patience(): Promise<number> {
    const seconds = Number((await askApt("DPkg::Lock::Timeout")) || PATIENCE);
    return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 600) : PATIENCE;
  }
}

function isSameFile(path: string, copy: string): boolean {
  const [found, other] = [lstatSync(path, { throwIfNoEntry: false }), lstatSync(copy)];
  if (found?.isFile() !== true || found.size !== other.size) return false;
  return sha256OfFile(path) === sha256OfFile(copy);
}
