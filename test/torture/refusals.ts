import { aimed, aimsAt, badEnd, type Progress, type Tally } from "./kills.ts";
import type { Finding, Rig } from "./rig.ts";
import type { Point } from "./traced-run.ts";

/** What a disk refuses with: full, failing, not ours, read-only, another file system. */
export const ERRNOS = ["ENOSPC", "EIO", "EACCES", "EROFS", "EXDEV"] as const;

const AIMS = [0, 1, -1, 2, -2, 3, -3];

/** One call of the scenario that is refused, and with what. */
export interface Refusal {
  readonly point: Point;
  readonly errno: string;
}

export function refusalsOf(points: readonly Point[]): readonly Refusal[] {
  // A refused call ends no process: there is nothing to take the agent along.
  const refusable = points.filter(({ tool }) => tool?.agentToo !== true);
  return refusable.flatMap((point) => ERRNOS.map((errno) => ({ point, errno })));
}

/** Refuses one call of the scenario, and starts the agent again without the fault. */
export async function refuseEach(rig: Rig, refusals: readonly Refusal[], progress: Progress): Promise<Tally> {
  const findings: Finding[] = [];
  let faults = 0;
  let met = 0;
  for (const [index, { point, errno }] of refusals.entries()) {
    progress(index, refusals.length);
    for (const aim of aimsAt(point, AIMS)) {
      const refused = await rig.interrupted(aimed(point, aim), `error=${errno}`);
      if (refused.met?.label !== point.label) continue;
      faults++;
      met++;
      const fault = `${errno} from ${point.label}`;
      const about = { format: rig.machine.format.name, scenario: rig.scenario.name, fault };
      const problem = badEnd(refused.result) ?? rig.instantProblem("1.0.0") ?? (await rig.laterProblem());
      if (problem !== undefined) findings.push({ ...about, problem });
      break;
    }
  }
  return { faults, points: refusals.length, met, findings };
}
