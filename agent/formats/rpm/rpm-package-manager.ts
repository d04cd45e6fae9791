import { lstatSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
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
import { runTool, toolFailed } from "../packages/run-tool.ts";
import { fetchFromDnf, PATIENCE } from "./dnf.ts";
import { rpmFailure } from "./rpm-output.ts";

/** Epoch only where there is one, as rpm itself prints a whole version. */
const VERSION = "%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}";
const UNKNOWN_PACKAGE = 1;
/** Files of the database, of whichever kind rpm was built with. */
const DATABASES = ["rpmdb.sqlite", "rpmdb.sqlite-wal", "Packages.db", "Packages"];

/** rpm, and dnf or yum for what has to be fetched. */
export class RpmPackageManager implements PackageManager {
  readonly format = "rpm";
  private database: string | undefined;

  /** Where rpm has its database, which differs from one distribution to the other. */
  private async folder(): Promise<string> {
    if (this.database === undefined) {
      const argv = ["rpm", "--eval", "%{_dbpath}"];
      const result = await runTool(argv);
      const folder = result.stdout.trim();
      if (result.code !== 0 || !folder.startsWith("/")) throw toolFailed(argv, result);
      this.database = folder;
    }
    return this.database;
  }

  async fingerprint(): Promise<string | undefined> {
    const folder = await this.folder();
    const found = DATABASES.flatMap((name) => {
      const stat = statSync(join(folder, name), { bigint: true, throwIfNoEntry: false });
      return stat === undefined ? [] : `${stat.ino}:${stat.size}:${stat.mtimeNs}`;
    });
    return found.length === 0 ? undefined : found.join("/");
  }

  async installed(name: string): Promise<InstalledPackage | undefined> {
    const argv = ["rpm", "--query", "--queryformat", `${VERSION}\n`, name];
    const result = await runTool(argv);
    if (result.code === UNKNOWN_PACKAGE && /is not installed/.test(result.stdout)) return undefined;
    if (result.code !== 0) throw toolFailed(argv, result);
    const versions = result.stdout.trim().split("\n");
    // An update that was cut off leaves both versions registered.
    return { version: versions.at(-1) ?? "", unfinished: versions.length > 1, held: false };
  }

  async examine(file: string): Promise<PackageFile> {
    const shown = `%{NAME} ${VERSION} %{ARCH}`;
    const argv = ["rpm", "--query", "--nosignature", "--package", "--queryformat", shown, file];
    const digests = ["rpm", "--checksig", "--nosignature", file];
    const [result, own, whole] = [
      await runTool(argv),
      await runTool(["rpm", "--eval", "%{_arch}"]),
      await runTool(digests, { seconds: 600 }),
    ];
    if (result.code !== 0) throw toolFailed(argv, result);
    if (whole.code !== 0) throw toolFailed(digests, whole);
    const [name = "", version = "", architecture = ""] = result.stdout.trim().split(" ");
    return { name, version, architecture, fits: [own.stdout.trim(), "noarch"].includes(architecture) };
  }

  async rehearse(file: string): Promise<void> {
    // It takes rpm's own lock, which only root may: an agent without rights has a helper, which rehearses it.
    if (process.geteuid?.() !== 0) return;
    const argv = [...this.installCommand(file), "--test"];
    const result = await runTool(argv, { seconds: 600 });
    const output = `${result.stdout}\n${result.stderr}`;
    const kind = rpmFailure(output, result.code);
    if (kind === undefined) return;
    throw new InstallError(`install/${kind}`, "rpm would not install the package as it is", {
      got: /^\s+(.*(?:needed by|conflicts).*)$/m.exec(output)?.[1] ?? result.end,
      help: "install or remove by hand what it names, then run `fairlead-agent update`",
      log: result.log,
    });
  }

  fetch(wanted: WantedPackage, folder: string, signal?: AbortSignal): Promise<string> {
    return fetchFromDnf(wanted, folder, signal);
  }

  /** dnf's cache is one for each repository and by default emptied after each run: what is there is asked for again. */
  async findInstalledFile(
    { name, version, repository }: Parameters<PackageManager["findInstalledFile"]>[0],
    folder: string,
  ): Promise<string | undefined> {
    if (repository === undefined) return undefined;
    try {
      return await fetchFromDnf({ name, version, repository }, folder, undefined, "again");
    } catch (error) {
      if (error instanceof InstallError && error.code === "install/package-not-found") return undefined;
      throw error;
    }
  }

  installCommand(file: string): readonly string[] {
    // Whole again after a kill, and back to an older version: both are asked for by the life cycle alone.
    return ["rpm", "--upgrade", "--oldpackage", "--replacepkgs", file];
  }

  registerCommand(file: string): readonly string[] {
    return ["rpm", "--upgrade", "--replacepkgs", "--justdb", "--noscripts", "--notriggers", file];
  }

  removeCommand(name: string): readonly string[] {
    return ["rpm", "--erase", name];
  }

  failure(output: string, code: number | null): PackageFailure | undefined {
    return rpmFailure(output, code);
  }

  async changedFiles(name: string): Promise<readonly string[]> {
    const argv = ["rpm", "--verify", "--nodeps", "--noscripts", name];
    const { stdout } = await runTool(argv, { seconds: 600 });
    return stdout.split("\n").flatMap((line) => {
      const [, found, kind, path] = /^(\S+)\s+(?:([a-z]) )?\s*(\/.*)$/.exec(line) ?? [];
      if (path === undefined || found === undefined || kind !== undefined) return [];
      // Its bytes, or that it is there; not when it was touched.
      return found === "missing" || /^..5/.test(found) ? path : [];
    });
  }

  async leftBy(file: string): Promise<readonly string[]> {
    const argv = ["rpm", "--query", "--nosignature", "--package", "--dump", file];
    const result = await runTool(argv, { seconds: 600 });
    if (result.code !== 0) throw toolFailed(argv, result);
    const left: string[] = [];
    for (const { path, sha256, isConfig } of readDump(result.stdout)) {
      left.push(...temporaryFilesOf(path));
      if (isConfig || sha256OfRegular(path) !== sha256) continue;
      const { code, stdout } = await runTool(["rpm", "--query", "--file", path]);
      if (code !== 0 && /not owned by any package/.test(stdout)) left.push(path);
    }
    return left;
  }

  /** rpm up to 4.14 syncs its database and nothing else (rpm's pull request 318). */
  async unsyncedFiles(name: string): Promise<readonly string[]> {
    const argv = ["rpm", "--query", "--list", name];
    const result = await runTool(argv, { seconds: 600 });
    if (result.code !== 0) throw toolFailed(argv, result);
    const files = result.stdout.split("\n").filter((path) => path.startsWith("/"));
    return [...files, ...new Set(files.map((path) => dirname(path)))];
  }

  isLocked(): boolean {
    return this.database !== undefined && isRecordLocked(join(this.database, ".rpm.lock"));
  }

  async patience(): Promise<number> {
    // Where the lock is has to be known before it is looked at.
    await this.folder();
    return PATIENCE;
  }
}

interface DumpedFile {
  readonly path: string;
  readonly sha256: string;
  readonly isConfig: boolean;
}

/** Regular files of `rpm --query --dump`: path, size, time, digest, mode, owner, group, whether it is configured. */
function readDump(output: string): readonly DumpedFile[] {
  return output.split("\n").flatMap((line) => {
    const [, path, sha256, configured] =
      /^(\/.*) \d+ \d+ ([0-9a-f]{64}) 010\d{4} \S+ \S+ ([01]) /.exec(line) ?? [];
    return path === undefined || sha256 === undefined ? [] : { path, sha256, isConfig: configured === "1" };
  });
}

/** Under such names, with the time of its transaction, rpm lays files down before they get their own. */
function temporaryFilesOf(path: string): readonly string[] {
  const start = `${basename(path)};`;
  try {
    return readdirSync(dirname(path))
      .filter((name) => name.startsWith(start) && /^[0-9a-f]{8}$/.test(name.slice(start.length)))
      .map((name) => join(dirname(path), name));
  } catch {
    return [];
  }
}

function sha256OfRegular(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true ? sha256OfFile(path) : undefined;
}
