/** What facts are read from: the narrow side of a machine, so that other systems than this one can be tested here. */
export interface Machine {
  /** As node names it: `linux`, `darwin`, `win32`. */
  readonly system: string;
  /** As node names it: `x64`, `arm64`. */
  readonly architecture: string;
  /** What the kernel says of its version: `6.1.0-18-amd64`, `23.4.0`, `10.0.19045`. */
  readonly kernelRelease: string;
  /** Bytes of memory in all. */
  readonly memory: number;
  /** The GNU C library that this very process runs on; `undefined`: none, or linked into it. */
  runningGlibc(): string | undefined;
  /** The beginning of a small file, at most 64 KiB; `undefined` where it cannot be read. */
  readBeginning(path: string): string | undefined;
  /** Names in a folder, none where it cannot be read. */
  namesIn(folder: string): readonly string[];
  /** What a program prints, on both of its outputs, however it ends; `undefined` where it cannot be run. */
  outputOf(argv: readonly [string, ...string[]]): Promise<string | undefined>;
  /** Bytes that anybody may still write where the path is, or will be; `undefined` where nobody knows. */
  freeBytes(path: string): number | undefined;
}
