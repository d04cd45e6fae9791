import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Cleanups } from "../support/cleanups.ts";
import type { TorturedFormat } from "./formats/tortured-format.ts";
import { type Standing, TorturedMachine } from "./machine.ts";
import type { Scenario } from "./scenarios.ts";
import type { Injected, Point, TracedRun } from "./traced-run.ts";

/** What a fault left behind that must not be. */
export interface Finding {
  readonly format: string;
  readonly scenario: string;
  /** What was done to the agent, in words. */
  readonly fault: string;
  readonly problem: string;
}

/** A machine before one scenario, with what the scenario leads to when nothing happens. */
export class Rig {
  readonly machine: TorturedMachine;
  readonly scenario: Scenario;
  readonly points: readonly Point[];
  readonly before: Standing;
  readonly after: Standing;

  private constructor(
    machine: TorturedMachine,
    scenario: Scenario,
    { points, before, after }: Pick<Rig, "points" | "before" | "after">,
  ) {
    this.machine = machine;
    this.scenario = scenario;
    this.points = points;
    this.before = before;
    this.after = after;
  }

  /**
   * @param scratch a folder for what must outlive the machine's disk
   * @param directory the machine's own
   */
  static async set(
    cleanups: Cleanups,
    format: TorturedFormat,
    scenario: Scenario,
    scratch: string,
    directory = join(scratch, "machine"),
  ): Promise<Rig> {
    const machine = await TorturedMachine.create(cleanups, format, directory, scratch);
    await scenario.prepare(machine);
    await machine.save();
    const before = await machine.standing();
    const points = await machine.pointsOf(scenario.command);
    const after = await machine.standing();
    return new Rig(machine, scenario, { points, before, after });
  }

  /** The scenario once, from its start, with a fault. */
  async interrupted(point: Point, what: Injected): Promise<TracedRun> {
    await this.machine.putBack();
    return this.again(this.scenario.command, point, what);
  }

  /** The next start, with a fault of its own. */
  again(command: Scenario["command"], point: Point, what: Injected): Promise<TracedRun> {
    return this.machine.traced(command, { point, what });
  }

  /**
   * Whether what is installed may be there while nothing has gone on yet.
   *
   * @param also what may be there besides
   */
  instantProblem(...also: readonly string[]): string | undefined {
    const { installed } = this.machine;
    if (typeof installed === "object" && "unfinished" in installed) return undefined;
    const found =
      installed === "nothing" ? installed : "version" in installed ? installed.version : undefined;
    if (found !== undefined && [...this.scenario.allowed, ...also].includes(found)) return undefined;
    return `right after the fault there is ${JSON.stringify(installed)}`;
  }

  /** Starts the agent again, and says in what the machine then differs from what it should be. */
  async recoveryProblem(): Promise<string | undefined> {
    const { machine, scenario, before, after } = this;
    machine.age();
    const refused = await this.start();
    if (refused !== undefined) return refused;
    const found = await machine.standing();
    // A rollback that had not begun is forgotten: nobody asks for it again.
    const ends = scenario.command === "rollback" ? [after, before] : [after];
    const differences = ends.map((end) => differenceOf(end, found));
    return differences.includes(undefined) ? undefined : differences[0];
  }

  /**
   * The same after a fault that the agent lived through: it may also have put the version before back and blocked the
   * new one, which then comes once its backoff has ended.
   */
  async laterProblem(): Promise<string | undefined> {
    const problem = await this.recoveryProblem();
    if (problem === undefined) return undefined;
    const { machine, scenario, after, before } = this;
    const found = await machine.standing();
    if (isTidyLater(after, found)) return undefined;
    // A person's rollback that was refused before the swap: nothing but its note is there.
    const refused = { ...before, last: found.last };
    if (scenario.command === "rollback" && isTidyLater(refused, found)) return undefined;
    const wasGivenUp = found.journal === "idle" && found.blocked.length > 0;
    if (!wasGivenUp || !isDeepStrictEqual(found.home, after.home)) return problem;
    const standsOn = versionOf(found) ?? "nothing";
    // On a path of several steps, each may be the last one that was good.
    const mayStand = [...scenario.allowed, "1.0.0"].includes(standsOn) && !found.blocked.includes(standsOn);
    if (!mayStand) return problem;
    const strange = found.kept.filter((name) => name.startsWith("../") && !before.kept.includes(name));
    if (strange.length > 0) return `given up, and ${strange.join(", ")} beside the product`;
    // Nobody but a person asks for a rollback again.
    const next = scenario.command === "rollback" ? "rollback" : "update";
    await machine.start(next, Math.floor(Date.now() / 1000) + BEYOND_BACKOFF_SECONDS);
    const later = await machine.standing();
    return versionOf(later) === versionOf(after) && later.journal === "idle"
      ? undefined
      : `given up, and a day later: ${differenceOf(after, later)}`;
  }

  /** The next start. @returns what it was refused with, unless it had to be */
  private async start(): Promise<string | undefined> {
    const { machine, scenario } = this;
    const started = await machine.start(scenario.next);
    if (started.ended === "well" || started.code === scenario.refusal) return undefined;
    return `the next start ends with ${started.code}: ${started.message}`;
  }
}

/** More than the longest backoff. */
const BEYOND_BACKOFF_SECONDS = 26 * 3600;

/** What could not be removed stays until the next installation sweeps. */
function isTidyLater(expected: Standing, found: Standing): boolean {
  const { kept } = found;
  const isMore = expected.kept.every((name) => kept.includes(name));
  // What stands in the way of a note and cannot be removed is set aside, to look at.
  const home = found.home.filter((name) => !name.endsWith(".damaged"));
  return isMore && differenceOf({ ...expected, kept }, { ...found, home }) === undefined;
}

function versionOf({ installed }: Standing): string | undefined {
  return typeof installed === "object" && "version" in installed ? installed.version : undefined;
}

function differenceOf(expected: Standing, found: Standing): string | undefined {
  const wrong = Object.entries(expected).flatMap(([name, value]) => {
    const got = Object.entries(found).find(([one]) => one === name)?.[1];
    return isDeepStrictEqual(value, got)
      ? []
      : [`${name} is ${JSON.stringify(got)}, not ${JSON.stringify(value)}`];
  });
  return wrong.length === 0 ? undefined : wrong.join("; ");
}
