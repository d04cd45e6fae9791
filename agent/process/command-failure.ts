import type { InstallErrorCode } from "../installation/install-error.ts";
import type { RunResult } from "./run-bounded.ts";

/** What the system answers where it is short of something for a moment. */
const SHORTAGES: ReadonlySet<string> = new Set(["EAGAIN", "ENOMEM", "EMFILE", "ENFILE", "ETXTBSY", "EIO"]);

/**
 * What a command of the config says that did not succeed. One that cannot even be run says nothing of the build, unless
 * the build was to bring it.
 *
 * @param command not filled in
 * @param answer what it means where it ran
 */
export function commandFailure(
  command: readonly string[],
  result: RunResult,
  answer: InstallErrorCode,
): InstallErrorCode {
  if (result.kind !== "cannot-start") return answer;
  if (SHORTAGES.has(result.errno)) return "install/io-error";
  return command[0]?.includes("{path}") === true ? answer : "install/command-unavailable";
}
