import { type ChildProcess, spawn } from "node:child_process";
import { keepGroup, killGroup } from "./process-group.ts";
import { redactCredentials } from "./redact-credentials.ts";
import { SourceError } from "./source-error.ts";

/** Deadline of a git command that only reads what is already on this machine, milliseconds. */
const LOCAL_DEADLINE_MS = 60_000;
const DEFAULT_MAX_OUTPUT = 64 * 1024 * 1024;
const MAX_STDERR = 64 * 1024;

/** Settings that a repository's own config must not decide: each could run a program or skip a check. */
const HARDENED_CONFIG = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "core.quotePath=false",
  "transfer.fsckObjects=true",
  "fetch.recurseSubmodules=false",
  "submodule.recurse=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "log.showSignature=false",
  "protocol.version=2",
];

export interface GitRun {
  /** Absolute folder of the repository's data; absent for commands that find or make one. */
  readonly gitDir?: string;
  /** Working folder; the git folder when absent. */
  readonly cwd?: string;
  /** Command and its arguments, given to git as they are; no shell sees them. */
  readonly args: readonly string[];
  /** What the command reads. */
  readonly input?: string;
  /** More `-c name=value` settings. */
  readonly config?: readonly string[];
  /** Transports that the command may use, as GIT_ALLOW_PROTOCOL names them; none when absent. */
  readonly protocols?: readonly string[];
  /** Environment variables beyond the fixed ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until the whole process group is killed. */
  readonly deadlineMs?: number;
  /** Most bytes of output. */
  readonly maxOutput?: number;
  readonly signal?: AbortSignal;
}

export interface GitResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  /** Credentials removed, cut at 64 KiB. */
  readonly stderr: string;
}

/**
 * Starts git in its own process group with an environment made from scratch: no system or user configuration, no
 * prompts, no hooks, no lazy fetches, and no transport but those named.
 */
export function spawnGit(run: GitRun, stdin: "ignore" | "pipe"): ChildProcess {
  const config = [...HARDENED_CONFIG, ...(run.config ?? [])].flatMap((setting) => ["-c", setting]);
  const place = run.gitDir === undefined ? [] : [`--git-dir=${run.gitDir}`];
  const cwd = run.cwd ?? run.gitDir;
  const child = spawn("git", [...place, ...config, "--no-pager", ...run.args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: gitEnvironment(run.protocols ?? [], run.env ?? {}),
    stdio: [stdin, "pipe", "pipe"],
    detached: true,
    windowsHide: true,
  });
  keepGroup(child);
  return child;
}

/** The whole environment of a git process: nothing is inherited but where programs, keys and the home folder are. */
function gitEnvironment(
  protocols: readonly string[],
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const inherited: Record<string, string> = {};
  const names = ["PATH", "HOME", "SSH_AUTH_SOCK", "SystemRoot", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"];
  for (const name of names) {
    const value = process.env[name];
    if (value !== undefined) inherited[name] = value;
  }
  return {
    ...inherited,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: protocols.length === 0 ? "none" : protocols.join(":"),
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_SSH_COMMAND: "ssh -oBatchMode=yes -oConnectTimeout=15",
    LC_ALL: "C",
    ...extra,
  };
}

/**
 * Runs git to its end and returns what it printed, whatever its exit code.
 *
 * @throws SourceError `source/git-missing`, `source/timeout`, `source/limit-exceeded`
 */
export function runGit(run: GitRun): Promise<GitResult> {
  const deadlineMs = run.deadlineMs ?? LOCAL_DEADLINE_MS;
  const maxOutput = run.maxOutput ?? DEFAULT_MAX_OUTPUT;
  const command = run.args[0] ?? "";
  return new Promise((resolve, reject) => {
    const child = spawnGit(run, run.input === undefined ? "ignore" : "pipe");
    // One that ends without reading is told by its exit code.
    child.stdin?.on("error", () => undefined).end(run.input);
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = "";
    let failure: SourceError | undefined;
    const stop = (error: SourceError) => {
      failure ??= error;
      killGroup(child);
    };
    const onAbort = () => stop(new SourceError("source/closed", `git ${command} was cancelled`));
    const timer = setTimeout(() => {
      stop(new SourceError("source/timeout", `git ${command} did not finish within ${deadlineMs} ms`));
    }, deadlineMs);
    if (run.signal?.aborted) onAbort();
    run.signal?.addEventListener("abort", onAbort, { once: true });
    child.stdout?.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxOutput) {
        stop(new SourceError("source/limit-exceeded", `git ${command} printed more than ${maxOutput} bytes`));
      } else {
        chunks.push(chunk);
      }
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      if (stderr.length < MAX_STDERR) stderr += chunk.toString("utf8", 0, MAX_STDERR - stderr.length);
    });
    const settle = () => {
      clearTimeout(timer);
      run.signal?.removeEventListener("abort", onAbort);
    };
    child.once("error", (cause: NodeJS.ErrnoException) => {
      settle();
      reject(failure ?? spawnFailure(cause));
    });
    child.once("close", (code) => {
      settle();
      if (failure !== undefined) reject(failure);
      else
        resolve({ exitCode: code ?? 128, stdout: Buffer.concat(chunks), stderr: redactCredentials(stderr) });
    });
  });
}

/** What a failed start of git means. */
export function spawnFailure(cause: NodeJS.ErrnoException): SourceError {
  return new SourceError("source/git-missing", `git could not be started: ${cause.code ?? cause.message}`, {
    help: "install git 2.31 or newer and put it on the PATH of the controller",
    cause,
  });
}
