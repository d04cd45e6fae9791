import { readFileSync } from "node:fs";

/** Milliseconds between two times. */
const PAUSE = 10 * 60_000;
/** madvise(2), of Linux. */
const MADV_DONTNEED = 4;

/** A range of addresses; `end` is the first that is not in it. */
export interface Mapping {
  readonly start: bigint;
  readonly end: bigint;
}

/**
 * Between looks, tells the kernel that this process needs no page of its program's file now: those that only the start
 * had touched, two thirds of the daemon's resident memory, do not come back; the others do when they are used, from the
 * file. The first time at once, then at most every ten minutes.
 *
 * Anything that stands in the way, another system or a Node without its experimental `node:ffi`, leaves all as it is.
 *
 * @returns to be called when a look has ended
 */
export function pagesGivenBack(): () => void {
  let advise: ((start: bigint, length: bigint) => void) | undefined;
  let notBefore = 0;
  return () => {
    if (process.platform !== "linux" || performance.now() < notBefore) return;
    notBefore = performance.now() + PAUSE;
    try {
      advise ??= openAdvise();
      for (const { start, end } of readUntouched(readFileSync("/proc/self/smaps", "latin1"))) {
        advise(start, end - start);
      }
    } catch {
      // The daemon works as well with them.
      notBefore = Number.POSITIVE_INFINITY;
    }
  };
}

/**
 * The mappings of files in which nothing is this process's own: it may not write there, and has not written there before
 * that was so, as the dynamic linker does.
 *
 * @param smaps as the kernel writes it: proc_pid_smaps(5)
 */
export function readUntouched(smaps: string): readonly Mapping[] {
  const untouched: Mapping[] = [];
  let mapping: Mapping | undefined;
  for (const line of smaps.split("\n")) {
    const [, range, start, end, inode] = /^(([0-9a-f]+)-([0-9a-f]+)) r-[x-]p \S+ \S+ (\d+)/.exec(line) ?? [];
    if (range !== undefined)
      mapping = inode === "0" ? undefined : { start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) };
    else if (/^[0-9a-f]+-/.test(line)) mapping = undefined;
    else if (mapping !== undefined && /^Anonymous: +0 kB$/.test(line)) untouched.push(mapping);
  }
  return untouched;
}

function openAdvise(): (start: bigint, length: bigint) => void {
  const { dlopen } = withoutWarning(() => process.getBuiltinModule("node:ffi"));
  const { functions } = dlopen(null, {
    madvise: { arguments: ["pointer", "pointer", "int32"], return: "int32" },
  });
  return (start, length) => void functions.madvise(start, length, MADV_DONTNEED);
}

/** That it is experimental is known, and nothing that whoever reads the daemon's log could act upon. */
function withoutWarning<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
