import { existsSync, linkSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fromFileError, InstallError } from "../../installation/install-error.ts";
import type { WantedPackage } from "../packages/package-manager.ts";
import { runTool, type ToolResult, type ToolRun, toolFailed } from "../packages/run-tool.ts";
import { readPolicy } from "./apt-policy.ts";

const LOCK_SECONDS = 30;
const FETCH_SECONDS = 3600;
const WISH = ["--yes", "--no-install-recommends", "--allow-downgrades"] as const;

/** One of apt's own settings; nothing is assumed to be at its default place. */
export async function askApt(setting: string): Promise<string | undefined> {
  const argv = ["apt-config", "shell", "VALUE", setting];
  const result = await runTool(argv);
  if (result.code !== 0) throw toolFailed(argv, result);
  return /^VALUE='(.*)'$/m.exec(result.stdout)?.[1];
}

/**
 * Refreshes the one repository and downloads the one version.
 *
 * @param what `again`: the version that is installed, which may stay as it is
 * @throws InstallError before anything is installed
 */
export async function fetchFromApt(
  { name, version, repository }: WantedPackage,
  folder: string,
  signal: AbortSignal | undefined,
  what: "new" | "again" = "new",
): Promise<string> {
  const only = [...onlyFrom(await sourcesOf(repository)), ...withoutRights(folder)];
  await refresh(repository, only, signal);
  await requireOffered(name, version, repository, only, what);
  const wanted = [...(what === "again" ? ["--reinstall"] : []), `${name}=${version}`];
  await requireAlone(`${name} ${version}`, name, [
    "apt-get",
    "--simulate",
    ...WISH,
    ...only,
    "install",
    ...wanted,
  ]);
  mkdirSync(join(folder, "partial"));
  const argv = [
    ...["apt-get", "--quiet", "--download-only", ...WISH, ...only],
    ...["-o", `Dir::Cache::archives=${folder}`, "install", ...wanted],
  ];
  const result = await aptUnlocked(argv, { seconds: FETCH_SECONDS, signal });
  if (result.code !== 0) throw aptFailed(argv, result, repository);
  const files = readdirSync(folder).filter((file) => file.endsWith(".deb"));
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new InstallError("install/new-dependency", `apt brought other packages than \`${name}\``, {
      got: files.join(", ") || "no file at all",
    });
  }
  return join(folder, file);
}

/** The file of a version in apt's own cache, where it is left there. */
export async function findInCache(name: string, version: string): Promise<string | undefined> {
  const cache = await askApt("Dir::Cache::archives/d");
  if (cache === undefined || !existsSync(cache)) return undefined;
  const start = `${name}_${version.replaceAll(":", "%3a")}_`;
  const file = readdirSync(cache).find((entry) => entry.startsWith(start) && entry.endsWith(".deb"));
  return file === undefined ? undefined : join(cache, file);
}

/** The file in which this machine names the repository. */
async function sourcesOf(repository: string): Promise<string> {
  const folder = (await askApt("Dir::Etc::sourceparts/d")) ?? "/etc/apt/sources.list.d/";
  const file = [`${repository}.sources`, `${repository}.list`, repository]
    .map((entry) => join(folder, entry))
    .find((path) => /\.(sources|list)$/.test(path) && existsSync(path));
  if (file !== undefined) return file;
  throw new InstallError("install/repository-missing", `this machine has no repository \`${repository}\``, {
    expected: `${repository}.sources or ${repository}.list in ${folder}`,
    help: "set it up as its vendor says, or name the file that it has here with package_repository",
  });
}

/** Options that make apt see nothing but one repository, and leave its own caches as they are. */
function onlyFrom(sources: string): readonly string[] {
  return [
    `Dir::Etc::sourcelist=${sources}`,
    "Dir::Etc::sourceparts=-",
    "Dir::Cache::pkgcache=",
    "Dir::Cache::srcpkgcache=",
    "APT::Get::List-Cleanup=0",
    // A list that could not be fetched is an error, and not an older list.
    "APT::Update::Error-Mode=any",
  ].flatMap((setting) => ["-o", setting]);
}

/** Apt's own folders and locks are root's: who is not has its lists in a folder of its own, and disturbs nobody. */
function withoutRights(folder: string): readonly string[] {
  if (process.geteuid?.() === 0) return [];
  const own = join(folder, "apt");
  for (const made of ["lists/partial", "cache", "log"]) mkdirSync(join(own, made), { recursive: true });
  return [
    `Dir::State::lists=${join(own, "lists")}`,
    `Dir::Cache=${join(own, "cache")}`,
    `Dir::Log=${join(own, "log")}`,
    "Debug::NoLocking=1",
  ].flatMap((setting) => ["-o", setting]);
}

async function refresh(
  repository: string,
  only: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const argv = ["apt-get", "--quiet", ...only, "update"];
  const result = await aptUnlocked(argv, { seconds: 600, signal });
  if (result.code !== 0 || /^(?:W|E): .*(?:Failed to fetch|GPG error)/m.test(result.stderr)) {
    throw aptFailed(argv, result, repository);
  }
}

/** The administrator's pins hold: what they keep away is not taken, whatever the release says. */
async function requireOffered(
  name: string,
  version: string,
  repository: string,
  only: readonly string[],
  what: "new" | "again",
): Promise<void> {
  const argv = ["apt-cache", ...only, "policy", name];
  const result = await runTool(argv);
  if (result.code !== 0) throw toolFailed(argv, result);
  const policy = readPolicy(result.stdout);
  const offered = policy.versions.get(version);
  if (offered === undefined || offered.sources === 0) {
    const others = [...policy.versions.keys()].slice(0, 5).join(", ");
    throw new InstallError("install/package-not-found", `\`${repository}\` has no ${name} ${version}`, {
      got: others === "" ? "no version at all" : others,
      help: "the repository may be behind: the agent tries again at its next check",
    });
  }
  if (what === "again") return;
  if (offered.priority >= 0 && (policy.pin === undefined || policy.pin === version)) return;
  throw new InstallError(
    "install/package-held",
    `this machine's apt preferences keep ${name} ${version} away`,
    {
      got: policy.pin === undefined ? `priority ${offered.priority}` : `a pin to ${policy.pin}`,
      help: "change the pin under /etc/apt/preferences.d, if it is not meant",
    },
  );
}

/**
 * Whether a file could be installed beside what there is. dpkg's own rehearsal does not look at dependencies; apt does, and
 * here it sees no repository at all.
 *
 * @throws InstallError `install/new-dependency`, `install/package-conflict`
 */
export async function rehearseInApt(file: string, name: string, folder: string): Promise<void> {
  const path = join(folder, "package.deb");
  try {
    linkSync(file, path);
  } catch (error) {
    throw fromFileError(error, "link", file);
  }
  const argv = ["apt-get", "--simulate", ...WISH, ...onlyFrom("/dev/null"), "--reinstall", "install", path];
  await requireAlone(`this package of ${name}`, name, argv);
}

/** Nothing may come along or go away. */
async function requireAlone(what: string, name: string, argv: readonly string[]): Promise<void> {
  const result = await runTool(argv);
  const { stdout, stderr, log } = result;
  const help = "install or remove by hand what is named, then run `fairlead-agent update`";
  if (/unmet dependencies|is not installable|not going to be installed/.test(stdout + stderr)) {
    const got = /^ \S+ : .*$/m.exec(stdout)?.[0].trim() ?? "unmet dependencies";
    throw new InstallError("install/new-dependency", `${what} needs more than itself`, { got, help, log });
  }
  const others = [...stdout.matchAll(/^(Inst|Remv) (\S+)/gm)].flatMap(([line, verb, other]) =>
    verb === "Inst" && other === name ? [] : line,
  );
  if (others.length > 0) {
    const removes = others.some((line) => line.startsWith("Remv"));
    const code = removes ? "install/package-conflict" : "install/new-dependency";
    const problem = removes ? `${what} takes others away` : `${what} needs more than itself`;
    throw new InstallError(code, problem, { got: others.slice(0, 10).join(", "), help, log });
  }
  if (result.code !== 0) throw toolFailed(argv, result);
}

async function aptUnlocked(argv: readonly string[], run: ToolRun): Promise<ToolResult> {
  const deadline = Date.now() + Number((await askApt("DPkg::Lock::Timeout")) ?? LOCK_SECONDS) * 1000;
  for (;;) {
    const result = await runTool(argv, run);
    if (result.code === 0 || !isLocked(result) || !(Date.now() < deadline)) return result;
    await sleep(500);
  }
}

function isLocked({ stderr }: ToolResult): boolean {
  return /Could not get lock|Unable to (?:acquire|lock)/.test(stderr) && !/Permission denied/.test(stderr);
}

function aptFailed(argv: readonly string[], result: ToolResult, repository: string): InstallError {
  const { stderr, log } = result;
  const got = /^(?:E|W|Err).*$/m.exec(stderr)?.[0] ?? result.end;
  if (isLocked(result)) {
    return new InstallError("install/packages-locked", "another program is at work with apt", { got, log });
  }
  if (/No space left on device/.test(stderr)) {
    return new InstallError("install/disk-full", "apt's folders take no more bytes", { got, log });
  }
  if (/Permission denied|are you root/.test(stderr)) {
    return new InstallError("install/not-writable", "the agent's user may not use apt", { got, log });
  }
  if (/GPG error|is not signed|no longer signed|NO_PUBKEY|EXPKEYSIG|BADSIG|Sub-process gpgv/i.test(stderr)) {
    const what = `apt does not trust the repository \`${repository}\``;
    return new InstallError("install/repository-untrusted", what, { got, log });
  }
  if (/Hash Sum mismatch|unexpected size/i.test(stderr)) {
    const what = `the repository \`${repository}\` sent other bytes than it signed`;
    return new InstallError("install/tampered", what, { got, log });
  }
  if (/Failed to fetch|Could not resolve|Unable to fetch|Connection|Temporary failure/i.test(stderr)) {
    return new InstallError("install/network", `the repository \`${repository}\` cannot be fetched`, {
      got,
      log,
    });
  }
  return toolFailed(argv, result);
}
