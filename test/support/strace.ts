import { type CommandResult, run } from "./run-command.ts";

/** Without --seccomp-bpf, which would be faster: together with -P it injects nothing. */
export const STRACE = ["-f", "-qq", "-o", "/dev/null"];

/** Why a test that traces cannot run here, or `undefined` where it can. */
export async function whyNoStrace(): Promise<string | undefined> {
  const tried = await run("strace", [...STRACE, "-e", "trace=rename", "true"]).catch(() => undefined);
  return tried?.code === 0
    ? undefined
    : "this test meets chosen system calls, which needs strace and the right to trace";
}

/** System calls that are refused, as strace names them. */
export interface RefusedCalls {
  /** Only calls that concern these paths; strace compares the old name of a rename. */
  readonly paths: readonly string[];
  /** Such as `openat,link`. */
  readonly calls: string;
  readonly errno: string;
}

/** The arguments of strace for a program whose calls are refused. */
export function refusing({ paths, calls, errno }: RefusedCalls, command: readonly string[]): string[] {
  const watched = paths.flatMap((path) => ["-P", path]);
  return [...STRACE, ...watched, "-e", `trace=${calls}`, "-e", `inject=${calls}:error=${errno}`, ...command];
}

/** Runs a program to its end while system calls of it are refused. */
export function runRefusing(refused: RefusedCalls, command: readonly string[]): Promise<CommandResult> {
  return run("strace", refusing(refused, command));
}
