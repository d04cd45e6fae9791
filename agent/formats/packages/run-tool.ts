import { InstallError } from "../../installation/install-error.ts";
import { logTail } from "../../installation/log-tail.ts";
import { describeEnd, type RunResult, runBounded } from "../../process/run-bounded.ts";

const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
const SECONDS = 60;

/** Nobody answers questions, nobody restarts us in the middle, and words are those that we read. */
export const TOOL_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  LANGUAGE: "C",
  DEBIAN_FRONTEND: "noninteractive",
  DEBCONF_NONINTERACTIVE_SEEN: "true",
  UCF_FORCE_CONFFOLD: "1",
  APT_LISTCHANGES_FRONTEND: "none",
  APT_LISTBUGS_FRONTEND: "none",
  NEEDRESTART_SUSPEND: "1",
};

export interface ToolRun {
  readonly seconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A tool that ended by itself, whatever its exit code. */
export interface ToolResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly log: string | undefined;
  /** `exit code 100`. */
  readonly end: string;
}

/**
 * Runs a tool that only looks or downloads.
 *
 * @throws InstallError where it does not come to an end of its own
 */
export async function runTool(
  argv: readonly string[],
  { seconds = SECONDS, signal }: ToolRun = {},
): Promise<ToolResult> {
  const result = await runBounded({
    argv,
    seconds,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    leftovers: "kill",
    environment: TOOL_ENVIRONMENT,
    signal,
  });
  if (result.kind !== "exited") throw notEnded(argv, result, seconds);
  const { code, stdout, stderr } = result;
  return { code, stdout, stderr, log: logTail(stdout, stderr), end: describeEnd(result) };
}

/** What stands for a tool that neither answered nor failed in a way that is known. */
export function toolFailed(
  argv: readonly string[],
  { end, log }: Pick<ToolResult, "end" | "log">,
): InstallError {
  return new InstallError("install/package-manager-failed", `\`${commandLine(argv)}\` failed`, {
    got: end,
    help: "run it by hand and read what it says; the agent tries again at its next check",
    log,
  });
}

function commandLine(argv: readonly string[]): string {
  return argv.join(" ").slice(0, 300);
}

function notEnded(
  argv: readonly string[],
  result: Exclude<RunResult, { kind: "exited" }>,
  seconds: number,
): InstallError {
  const command = commandLine(argv);
  switch (result.kind) {
    case "aborted":
      return new InstallError("install/aborted", `stopped during \`${command}\``);
    case "timeout":
      return toolFailed(argv, {
        end: `no end within ${seconds} s; its process group was killed`,
        log: logTail(result.stdout, result.stderr),
      });
    case "too-much-output":
      return toolFailed(argv, { end: `more than ${MAX_OUTPUT_BYTES} bytes of output`, log: undefined });
    case "cannot-start":
      return new InstallError(
        "install/package-manager-failed",
        `\`${argv[0]}\` cannot be run (${result.errno})`,
        {
          help: "is this the package manager of this machine? `format` in config.yaml names it",
        },
      );
  }
}
