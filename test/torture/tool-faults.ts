import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { PrivateMachine } from "../support/private-machine.ts";
import { run } from "../support/run-command.ts";
import type { TorturedTool } from "./formats/tortured-format.ts";
import { type Injected, type Point, readTrace, straceArguments, type TracedRun } from "./traced-run.ts";

/** A scenario does not change packages more often than this. */
const MOST_RUNS = 6;

/**
 * Faults in the package manager itself: a program of its name stands before it in the agent's path, and runs it under
 * strace where it is asked to change something.
 */
export class ToolFaults {
  private readonly machine: PrivateMachine;
  private readonly tool: TorturedTool;
  /** Outside the machine, so that it outlives its disk. */
  private readonly folder: string;

  constructor(machine: PrivateMachine, tool: TorturedTool, folder: string) {
    this.machine = machine;
    this.tool = tool;
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    const { program, changes, rehearses = "--simulate" } = tool;
    const stand = machine.place(`/usr/local/sbin/${basename(program)}`);
    const patterns = changes.map((option) => `*" ${option} "*`).join("|");
    const script = `#!/bin/sh
case " $* " in *" ${rehearses} "*) exec ${program} "$@" ;; ${patterns}) ;; *) exec ${program} "$@" ;; esac
cd ${folder} && [ -e on ] || exec ${program} "$@"
run=$(($(cat runs) + 1))
echo "$run" >runs
cp "strace.$run" options 2>/dev/null || cp strace options
set -f
cd /
strace -o ${folder}/log.$run $(cat ${folder}/options) ${program} "$@"
code=$?
[ "$code" -lt 128 ] || [ ! -e ${folder}/agent-too.$run ] || kill -KILL "$(cat ${folder}/agent)"
exit "$code"
`;
    writeFileSync(stand, script);
    chmodSync(stand, 0o755);
  }

  /** Runs the agent's command there, and the package manager under strace. */
  async run(
    command: readonly string[],
    inject?: { readonly point: Point; readonly what: Injected },
  ): Promise<TracedRun> {
    rmSync(this.folder, { recursive: true });
    mkdirSync(this.folder);
    const write = (name: string, text: string): void => writeFileSync(join(this.folder, name), text);
    write("on", "");
    write("runs", "0");
    write("strace", words());
    const { point } = inject ?? {};
    if (point?.tool !== undefined) {
      write(`strace.${point.tool.run}`, words(inject));
      if (point.tool.agentToo) write(`agent-too.${point.tool.run}`, "");
    }
    const noted = ["sh", "-c", 'echo "$$" >"$0"; exec "$@"', join(this.folder, "agent"), ...command];
    const [program = "", ...args] = this.machine.inside(noted);
    const result = await run(program, args);
    rmSync(join(this.folder, "on"));
    const points: Point[] = [];
    let met: Point | undefined;
    for (let at = 1; at <= MOST_RUNS; at++) {
      const log = join(this.folder, `log.${at}`);
      if (!existsSync(log)) continue;
      const isAimedAt = at === point?.tool?.run;
      const read = readTrace(log, ofMachine, isAimedAt ? point : undefined);
      const named = (one: Point, agentToo: boolean): Point => ({
        ...one,
        tool: { run: at, agentToo },
        label: `${basename(this.tool.program)} ${at}: ${one.label}${agentToo ? ", agent too" : ""}`,
      });
      points.push(...read.points.flatMap((one) => [named(one, false), named(one, true)]));
      if (!isAimedAt || read.met === undefined) continue;
      met = read.met === point ? point : named(read.met, point.tool?.agentToo === true);
    }
    return { result, points, met };
  }
}

/** Without the log's name, which the stand-in gives. */
function words(inject?: { readonly point: Point; readonly what: Injected }): string {
  return straceArguments("", inject)
    .filter((word) => word !== "-o" && word !== "")
    .join(" ");
}

function ofMachine(path: string): string | undefined {
  return /^\/(?:etc|opt|var)\//.test(path) ? path : undefined;
}
