import { readdirSync } from "node:fs";
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
  if (process.geteuid?.() !== 0) {
    throw new InstallError("install/not-writable", "dnf downloads packages for root alone", {
      help: "release the rpm itself, which the agent downloads from the update server, or run the agent as root",
    });
  }
  const tool = await installedTool();
  // dnf would wait for others without end, and say nothing.
  const only = ["--disablerepo=*", `--enablerepo=${repository}`, "--setopt=exit_on_lock=True"];
  const clean = [tool, ...only, "clean", "metadata"];
  const cleaned = await runUnlocked(clean, { seconds: 600, signal });
  if (cleaned.code !== 0) throw dnfFailed(clean, cleaned, wanted);
  const argv = [
    ...[tool, "--assumeyes", ...only, "--setopt=skip_if_unavailable=False"],
    ...["--setopt=install_weak_deps=False", "--downloadonly", `--downloaddir=${folder}`],
    ...[what === "again" ? "reinstall" : "install", `${name}-${version}`],
  ];
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
