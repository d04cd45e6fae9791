import { readFileSync, rmSync } from "node:fs";
import { type CommandResult, run } from "../support/run-command.ts";

/** System calls that change what is on a disk. Nothing else can leave anything half-done. */
export const CHANGING: readonly string[] = [
  ...["openat", "write", "pwrite64", "ftruncate", "fallocate", "copy_file_range"],
  ...["rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "link", "linkat"],
  ...["symlink", "symlinkat", "mkdir", "mkdirat", "mknod", "mknodat"],
  ...["fsync", "fdatasync", "sync_file_range", "syncfs"],
  ...["chmod", "fchmod", "fchmodat", "chown", "lchown", "fchown", "fchownat", "utimensat"],
];

/**
 * One call, as it can be met again in another run: the n-th of its kind about a path. Calls also go to pipes and
 * modules, which no two runs do equally often.
 */
export interface Point {
  readonly call: string;
  /** Counted among the calls of that name about that path. */
  readonly nth: number;
  /** Absent for a file with a random name: then `nth` counts all calls of that name, and is met about there. */
  readonly path?: string;
  /** Absent: a call of the agent itself. */
  readonly tool?: ToolCall;
  /** For people: with what changes from run to run left out. */
  readonly label: string;
}

/** A call of the package manager that the agent runs. */
export interface ToolCall {
  /** Of the runs that change something, counted from 1. */
  readonly run: number;
  /** The fault takes the agent along, as a power cut or the kernel's memory killer would. */
  readonly agentToo: boolean;
}

export type Injected = `signal=${string}` | `error=${string}`;

export interface TracedRun {
  readonly result: CommandResult;
  /** The calls that change something below the folder, in their order. */
  readonly points: readonly Point[];
  /** Whether what was to be injected met its call, and which it was. */
  readonly met: Point | undefined;
}

/**
 * Runs the agent under strace. Only its main thread is followed: the agent writes by nothing else, since the order of
 * what it writes is what it promises.
 *
 * @param folder only calls below it are points
 */
export async function traced(
  command: readonly string[],
  folder: string,
  log: string,
  inject?: { readonly point: Point; readonly what: Injected },
): Promise<TracedRun> {
  const args = straceArguments(log, inject);
  const result = await run("strace", [...args, ...command], { env: { UV_THREADPOOL_SIZE: "1" } });
  return { result, ...readTrace(log, isBelow(folder), inject?.point) };
}

/** What strace is told before the command: to list the calls, or to list one kind and inject something into one. */
export function straceArguments(
  log: string,
  inject?: { readonly point: Point; readonly what: Injected },
): readonly string[] {
  const { point, what } = inject ?? {};
  const only = point?.path === undefined ? [] : ["-P", point.path];
  const calls = point?.path === undefined ? CHANGING.join(",") : point.call;
  const args = ["-y", "-qq", "-o", log, "-s", "0", ...only, "-e", `trace=${calls}`];
  return point === undefined ? args : [...args, "-e", `inject=${point.call}:${what}:when=${point.nth}`];
}

/** What a path is called in labels; `undefined`: calls about it are no points. */
type Naming = (path: string) => string | undefined;

function isBelow(folder: string): Naming {
  return (path) => (path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined);
}

/** Reads strace's log, and removes it. */
export function readTrace(
  log: string,
  naming: Naming,
  aimed: Point | undefined,
): Pick<TracedRun, "points" | "met"> {
  const lines = readFileSync(log, "latin1").split("\n");
  rmSync(log);
  const points = readPoints(lines, naming);
  const wasMet = lines.some((line) => line.includes("(INJECTED)") || /^\+\+\+ killed by/.test(line));
  return { points, met: wasMet ? metPoint(lines, naming, aimed) : undefined };
}

function metPoint(lines: readonly string[], naming: Naming, aimed: Point | undefined): Point | undefined {
  if (aimed?.path !== undefined) return aimed;
  const at = lines.findIndex((line) => line.includes("(INJECTED)"));
  // A call that a kill kept from happening is the last one that is named.
  const end = at >= 0 ? at : lines.findLastIndex((line) => /^\w+\(/.test(line));
  return readPoints(lines.slice(0, end + 1), naming, end).find((one) => one.line === end);
}

/** Names that are others in each run: of temporary files of the agent, and of rpm. */
const RANDOM_NAME = /\.tmp-[0-9a-f]+|;[0-9a-f]{8}/;

function readPoints(
  lines: readonly string[],
  naming: Naming,
  always?: number,
): readonly (Point & { readonly line: number })[] {
  const counts = new Map<string, number>();
  const count = (key: string): number => {
    const next = (counts.get(key) ?? 0) + 1;
    counts.set(key, next);
    return next;
  };
  const labels = new Map<string, number>();
  return lines.flatMap((line, index) => {
    const call = /^(\w+)\(/.exec(line)?.[1];
    if (call === undefined) return [];
    const nth = count(call);
    const path = [...line.matchAll(/"([^"]+)"|\d<([^>]+)>/g)]
      .map(([, quoted, held]) => quoted ?? held ?? "")
      .find((one) => naming(one) !== undefined);
    const isNamed = path !== undefined && !RANDOM_NAME.test(path);
    const ofPath = isNamed ? count(`${call} ${path}`) : nth;
    if (path === undefined && index !== always) return [];
    if (call === "openat" && !line.includes("O_CREAT") && index !== always) return [];
    // The name in an open folder, of calls that take one: strace finds them by the folder alone.
    const inFolder = /^\w+\(\d+<[^>]+>, "([^"/]+)"/.exec(line)?.[1];
    const about = `${path === undefined ? "elsewhere" : naming(path)}${inFolder === undefined ? "" : `/${inFolder}`}`;
    const label = `${call} ${about.replace(RANDOM_NAME, ".tmp").replace(/[0-9a-f]{64}/, "ID")}`;
    const repeat = (labels.get(label) ?? 0) + 1;
    labels.set(label, repeat);
    const point = isNamed ? { call, nth: ofPath, path } : { call, nth };
    return [{ ...point, label: `${label} #${repeat}`, line: index }];
  });
}
