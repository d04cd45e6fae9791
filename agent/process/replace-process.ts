import { InstallError } from "../installation/install-error.ts";
import { ownArguments } from "./own-process.ts";

/**
 * Goes on as another program, with the same process number, arguments and environment (execve(2)): how a program that
 * embeds the agent and keeps itself up to date becomes its new version. Every descriptor that node opened is closed
 * on the way, and with it the lock.
 *
 * @throws InstallError `install/unsupported` where the system has no such call
 */
export function replaceProcess(path: string): never {
  if (process.execve === undefined) {
    throw new InstallError("install/unsupported", `${process.platform} cannot replace a running process`, {
      help: "let a service manager restart the program: give a restart command instead",
    });
  }
  return process.execve(path, [path, ...ownArguments()], process.env);
}
