import { closeSync, constants, openSync, readdirSync, readSync, statfsSync } from "node:fs";
import { release, totalmem } from "node:os";
import { dirname } from "node:path";
import type { Machine } from "./machine.ts";

const MOST_TEXT_BYTES = 64 * 1024;
const SECONDS_TO_ANSWER = 5;

/**
 * This machine. What programs say of it, and the C library of this process, are asked once: they stay as they are for as
 * long as the process lives.
 */
export function thisMachine(): Machine {
  const outputs = new Map<string, Promise<string | undefined>>();
  let glibc: { readonly version: string | undefined } | undefined;
  return {
    system: process.platform,
    architecture: process.arch,
    kernelRelease: release(),
    memory: totalmem(),
    runningGlibc: () => {
      glibc ??= { version: reportedGlibc() };
      return glibc.version;
    },
    readBeginning,
    namesIn: (folder) => {
      try {
        return readdirSync(folder);
      } catch {
        return [];
      }
    },
    outputOf: (argv) => {
      const key = argv.join("\0");
      const known = outputs.get(key) ?? runAndRead(argv);
      outputs.set(key, known);
      return known;
    },
    freeBytes,
  };
}

function reportedGlibc(): string | undefined {
  // Or it asks for the names of all addresses that are connected. Older declarations of node do not have it.
  const before: unknown = Reflect.get(process.report, "excludeNetwork");
  Reflect.set(process.report, "excludeNetwork", true);
  const report: unknown = process.report.getReport();
  Reflect.set(process.report, "excludeNetwork", before);
  if (typeof report !== "object" || report === null || !("header" in report)) return undefined;
  const { header } = report;
  if (typeof header !== "object" || header === null || !("glibcVersionRuntime" in header)) return undefined;
  return typeof header.glibcVersionRuntime === "string" ? header.glibcVersionRuntime : undefined;
}

/** Files of the kernel say that they have no bytes, so it is read until there is enough; a pipe is not waited for. */
function readBeginning(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const bytes = Buffer.alloc(MOST_TEXT_BYTES);
    let length = 0;
    for (let got = -1; got !== 0 && length < bytes.length; length += got) {
      got = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    return bytes.toString("utf8", 0, length);
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

async function runAndRead(argv: readonly [string, ...string[]]): Promise<string | undefined> {
  const { runBounded } = await import("../process/run-bounded.ts");
  const result = await runBounded({
    argv: [...argv],
    seconds: SECONDS_TO_ANSWER,
    maxOutputBytes: MOST_TEXT_BYTES,
    leftovers: "kill",
  });
  return result.kind === "exited" ? `${result.stdout}\n${result.stderr}` : undefined;
}

/** Before the first installation the folder may not be there: its nearest parent is on the same file system. */
function freeBytes(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    const parent = dirname(path);
    return parent === path ? undefined : freeBytes(parent);
  }
}
