import { setFlagsFromString } from "node:v8";

/**
 * For a process that does little and stays for years: V8 no longer compiles what runs often to machine code. Without its
 * compilers, whose code alone is ten megabytes, the daemon stays as small as it is after its first poll.
 */
export function staySmall(): void {
  for (const flag of ["--no-opt", "--no-maglev", "--no-sparkplug"]) setFlagsFromString(flag);
}
