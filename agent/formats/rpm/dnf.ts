import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InstallError } from "../../installation/install-error.ts";
import type { WantedPackage } from "../packages/package-manager.ts";
import { runTool, type ToolResult, type ToolRun, toolFailed } from "../packages/run-tool.ts";

const FETCH_SECONDS = 3600;
/** Seconds to wait for others who are at work with dnf or rpm. */
export const PATIENCE = 30;
/** dnf's own exit code where another process has one of its locks. */
const LOCKED = 200;

/**
 * Forgets what is cached of the one repository and downloads the one version from it.
 *
 * @param what `again`: the version that is installed
 * @throws InstallError before anything is installed
 */
export async function fetchFromDnf(
  wanted: WantedPackage,
  folder: string,
  signal: AbortSignal | undefined,
  what: "new" | "again" = "new",
): Promise<string> {
  const { name, version, repository } = wanted;
  const tool = await installedTool();
  const only = [
    ...["--disablerepo=*", `--enablerepo=${repository}`, "--setopt=skip_if_unavailable=False"],
    // dnf would wait for others without end, and say nothing.
    "--setopt=exit_on_lock=True",
  ];
  const argv =
    process.geteuid?.() === 0
      ? await asRoot(tool, only, wanted, folder, signal, what)
      : withoutRights(tool, only, wanted, folder, what);
  const result = await runUnlocked(argv, { seconds: FETCH_SECONDS, signal });
  const files = readdirSync(folder).filter((file) => file.endsWith(".rpm"));
  const [file] = files;
  if (result.code !== 0 || file === undefined) throw dnfFailed(argv, result, wanted);
  if (files.length > 1) {
    throw new InstallError("install/new-dependency", `${name} ${version} needs more than itself`, {
      got: files.slice(0, 10).join(", "),
      help: "look at what it needs, install that by hand, then run `fairlead-agent update`",
      log: result.log,
    });
  }
  return join(folder, file);
}

/** What is cached of the repository goes first. Keys are looked up where the system has them. */
async function asRoot(
  tool: string,
  only: readonly string[],
  wanted: WantedPackage,
  folder: string,
  signal: AbortSignal | undefined,
  what: "new" | "again",
): Promise<readonly string[]> {
  const clean = [tool, ...only, "clean", "metadata"];
  const cleaned = await runUnlocked(clean, { seconds: 600, signal });
  if (cleaned.code !== 0) throw dnfFailed(clean, cleaned, wanted);
  return [
    ...[tool, "--assumeyes", ...only, "--setopt=install_weak_deps=False"],
    ...["--downloadonly", `--downloaddir=${folder}`],
    ...[what === "again" ? "reinstall" : "install", `${wanted.name}-${wanted.version}`],
  ];
}

/**
 * dnf installs for root alone, even where it only downloads; its `download` is for everybody, with folders of one's own. It
 * checks what the repository signed, and not what the package itself bears: whoever installs it, the helper, takes only
 * bytes of which the release signs the digest.
 */
function withoutRights(
  tool: string,
  only: readonly string[],
  { name, version }: WantedPackage,
  folder: string,
  what: "new" | "again",
): readonly string[] {
  if (tool !== "dnf") throw cannotDownload("yum downloads packages for root alone");
  const own = join(folder, "dnf");
  const folders = ["cachedir", "system_cachedir", "persistdir", "logdir"].map((setting) => {
    mkdirSync(join(own, setting), { recursive: true });
    return `--setopt=${setting}=${join(own, setting)}`;
  });
  return [
    ...[tool, "--assumeyes", ...only, "--setopt=install_weak_deps=False", ...folders, "download"],
    ...(what === "again" ? [] : ["--resolve"]),
    ...[`--destdir=${folder}`, `${name}-${version}`],
  ];
}

function cannotDownload(why: string): InstallError {
  return new InstallError("install/not-writable", why, {
    help: "install dnf-plugins-core, or release the rpm itself, which the agent downloads from the update server",
  });
}

/** Old systems have yum only. */
async function installedTool(): Promise<"dnf" | "yum"> {
  const { code } = await runTool(["sh", "-c", "command -v dnf"]);
  return code === 0 ? "dnf" : "yum";
}

async function runUnlocked(argv: readonly string[], run: ToolRun): Promise<ToolResult> {
  const deadline = Date.now() + PATIENCE * 1000;
  for (;;) {
    const result = await runTool(argv, run);
    if (result.code !== LOCKED || Date.now() >= deadline) return result;
    await sleep(500);
  }
}

function dnfFailed(
  argv: readonly string[],
  result: ToolResult,
  { name, version, repository }: WantedPackage,
): InstallError {
  const { stdout, stderr, log } = result;
  const output = `${stdout}\n${stderr}`;
  const got = /^\s*(?:- nothing provides .*|Error: .*|- .*)$/m.exec(output)?.[0].trim() ?? result.end;
  if (result.code === LOCKED) {
    return new InstallError("install/packages-locked", "another program is at work with dnf", {
      got: /^.*already locked.*$/m.exec(output)?.[0] ?? result.end,
      log,
      help: "wait until it is done; nothing was changed",
    });
  }
  if (/No such command: ["'`]?download/.test(output)) {
    return cannotDownload("this dnf has no command `download`, and its `install` is for root alone");
  }
  if (/Unknown repo|No repository match|Error getting repository data for/i.test(output)) {
    return new InstallError(
      "install/repository-missing",
      `this machine has no repository \`${repository}\``,
      {
        got,
        log,
        help: "set it up as its vendor says, or name the one that it is here with package_repository",
      },
    );
  }
  if (/filtered out by (?:exclude|modular)/.test(output)) {
    const what = `this machine excludes ${name} ${version}`;
    return new InstallError("install/package-held", what, { got, log });
  }
  if (/nothing provides|requires .*, but none|conflicting requests|Failed dependencies/.test(output)) {
    return new InstallError("install/new-dependency", `${name} ${version} needs more than itself`, {
      got,
      log,
    });
  }
  if (
    /GPG check FAILED|is not signed|not installed.*key|repomd.xml GPG|Bad GPG|import.*failed/i.test(output)
  ) {
    const what = `dnf does not trust what \`${repository}\` has`;
    return new InstallError("install/repository-untrusted", what, { got, log });
  }
  if (/checksum|Package is corrupt|doesn't match/i.test(output)) {
    const what = `the repository \`${repository}\` sent other bytes than it lists`;
    return new InstallError("install/tampered", what, { got, log });
  }
  if (/Failed to download metadata|Cannot download|Curl error|Status code/i.test(output)) {
    return new InstallError("install/network", `the repository \`${repository}\` cannot be fetched`, {
      got,
      log,
    });
  }
  if (/No match for argument|Unable to find a match|not available|Nothing to do|No package/i.test(output)) {
    return new InstallError("install/package-not-found", `\`${repository}\` has no ${name} ${version}`, {
      got,
      log,
      help: "the repository may be behind: the agent tries again at its next check",
    });
  }
  if (/No space left on device/.test(output)) {
    return new InstallError("install/disk-full", "dnf's folders take no more bytes", { got, log });
  }
  if (/superuser|Permission denied/.test(output)) {
    return new InstallError("install/not-writable", "the agent's user may not use dnf", { got, log });
  }
  return toolFailed(argv, result);
}
