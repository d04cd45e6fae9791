import { readFileSync, rmSync } from "node:fs";
import { type CommandResult, run } from "../support/run-command.ts";

/** System calls that change what is on a disk. Nothing else can leave anything half-done. */
const CHANGING = [
  "openat",
  "write",
  "pwrite64",
  "rename",
  "unlink",
  "rmdir",
  "link",
  "symlink",
  "mkdir",
  "fsync",
  "fdatasync",
  "ftruncate",
  "fchmod",
  "chmod",
  "utimensat",
  "copy_file_range",
] as const;

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
  /** For people: with what changes from run to run left out. */
  readonly label: string;
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
  const { point, what } = inject ?? {};
  const only = point?.path === undefined ? [] : ["-P", point.path];
  const calls = point?.path === undefined ? CHANGING.join(",") : point.call;
  const args = ["-y", "-qq", "-o", log, "-s", "0", ...only, "-e", `trace=${calls}`];
  if (point !== undefined) args.push("-e", `inject=${point.call}:${what}:when=${point.nth}`);
  const result = await run("strace", [...args, ...command], { env: { UV_THREADPOOL_SIZE: "1" } });
  const lines = readFileSync(log, "latin1").split("\n");
  rmSync(log);
  const points = readPoints(lines, folder);
  const wasMet = lines.some((line) => line.includes("(INJECTED)") || /^\+\+\+ killed by/.test(line));
  return { result, points, met: wasMet ? metPoint(lines, folder, point) : undefined };
}

function metPoint(lines: readonly string[], folder: string, aimed: Point | undefined): Point | undefined {
  if (aimed?.path !== undefined) return aimed;
  const at = lines.findIndex((line) => line.includes("(INJECTED)"));
  // A call that a kill kept from happening is the last one that is named.
  const end = at >= 0 ? at : lines.findLastIndex((line) => /^\w+\(/.test(line));
  return readPoints(lines.slice(0, end + 1), folder, end).find((one) => one.line === end);
}

function readPoints(
  lines: readonly string[],
  folder: string,
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
      .find((one) => one.startsWith(`${folder}/`));
    const named = path !== undefined && !path.includes(".tmp-");
    const ofPath = named ? count(`${call} ${path}`) : nth;
    if (path === undefined && index !== always) return [];
    if (call === "openat" && !line.includes("O_CREAT") && index !== always) return [];
    const about = (path ?? "elsewhere").replace(`${folder}/`, "").replace(/\.tmp-[0-9a-f]+/, ".tmp");
    const label = `${call} ${about.replace(/[0-9a-f]{64}/, "ID")}`;
    const repeat = (labels.get(label) ?? 0) + 1;
    labels.set(label, repeat);
    const point = named ? { call, nth: ofPath, path } : { call, nth };
    return [{ ...point, label: `${label} #${repeat}`, line: index }];
  });
}
