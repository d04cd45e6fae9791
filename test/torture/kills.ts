import type { CommandResult } from "../support/run-command.ts";
import type { Finding, Rig } from "./rig.ts";
import type { Point, TracedRun } from "./traced-run.ts";

/** Where a call without a path of its own may be found in another run: two runs are not equal to the last call. */
const AIMS = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 0];

/** What one part of the torture did. */
export interface Tally {
  /** Faults that met their call. */
  readonly faults: number;
  /** Of the points that there are, those that were met. */
  readonly points: number;
  readonly met: number;
  readonly findings: readonly Finding[];
}

export type Progress = (done: number, of: number) => void;

/** Kills the scenario at each of its calls, and starts the agent again. */
export async function killAtEach(rig: Rig, points: readonly Point[], progress: Progress): Promise<Tally> {
  const findings: Finding[] = [];
  const met = new Set<string>();
  let faults = 0;
  for (const [index, point] of points.entries()) {
    progress(index, points.length);
    for (const aim of aimsAt(point, AIMS)) {
      if (met.has(point.label)) break;
      const killed = await rig.interrupted(aimed(point, aim), "signal=SIGKILL");
      if (killed.met === undefined) continue;
      faults++;
      met.add(killed.met.label);
      findings.push(...(await judge(rig, `killed at ${killed.met.label}`, killed)));
    }
  }
  return {
    faults,
    points: points.length,
    met: points.filter(({ label }) => met.has(label)).length,
    findings,
  };
}

/** A call with a path of its own is tried once more, and no oftener: it is there or not. */
export function aimsAt(point: Point, aims: readonly number[]): readonly number[] {
  return point.path === undefined ? aims : [0, 0];
}

/** The same point as it may be numbered in another run. */
export function aimed(point: Point, aim: number): Point {
  return point.path === undefined ? { ...point, nth: Math.max(1, point.nth + aim) } : point;
}

/** Kills the scenario, and then the start that is to recover from it, at calls that a seed chooses. */
export async function killTwice(
  rig: Rig,
  count: number,
  random: () => number,
  progress: Progress,
): Promise<Tally> {
  const findings: Finding[] = [];
  const { points } = rig;
  const any = (): Point | undefined => points[Math.floor(random() * points.length)];
  let faults = 0;
  for (let tries = 0; faults < count && tries < 8 * count; tries++) {
    progress(faults, count);
    const [first, second] = [any(), any()];
    if (first === undefined || second === undefined) break;
    const killed = await rig.interrupted(first, "signal=SIGKILL");
    if (killed.met === undefined) continue;
    const again = await rig.again(rig.scenario.next, second, "signal=SIGKILL");
    if (again.met === undefined) continue;
    faults++;
    findings.push(...(await judge(rig, `killed at ${killed.met.label}, then at ${again.met.label}`, again)));
  }
  return { faults, points: count, met: faults, findings };
}

/** The end states A and B; and C, where the agent saw that its package manager was killed. */
export async function judge(
  rig: Rig,
  fault: string,
  { result, met }: TracedRun,
): Promise<readonly Finding[]> {
  const about = { format: rig.machine.format.name, scenario: rig.scenario.name, fault };
  const wentOn = met?.tool?.agentToo === false;
  const problem = wentOn
    ? (badEnd(result) ?? rig.instantProblem("1.0.0") ?? (await rig.laterProblem()))
    : (rig.instantProblem() ?? (await rig.recoveryProblem()));
  return problem === undefined ? [] : [{ ...about, problem }];
}

/** How an agent must not end that met a fault and lives. */
export function badEnd({ code, stdout, stderr }: CommandResult): string | undefined {
  if (code !== 0 && code !== 1) return `the agent ended with ${code}: ${stderr.slice(-500)}`;
  return /defect/i.test(stdout + stderr) ? `a defect: ${stdout.slice(0, 500)}` : undefined;
}
