import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Cleanups } from "../support/cleanups.ts";
import type { TorturedFormat } from "./formats.ts";
import { type Standing, TorturedMachine } from "./machine.ts";
import type { Scenario } from "./scenarios.ts";
import { type Injected, type Point, type TracedRun, traced } from "./traced-run.ts";

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
  private readonly log: string;

  private constructor(
    machine: TorturedMachine,
    scenario: Scenario,
    log: string,
    { points, before, after }: Pick<Rig, "points" | "before" | "after">,
  ) {
    this.machine = machine;
    this.scenario = scenario;
    this.log = log;
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
    const machine = await TorturedMachine.create(cleanups, format, directory, join(scratch, "saved"));
    await scenario.prepare(machine);
    await machine.save();
    const log = join(scratch, "strace");
    const before = await machine.standing();
    const { points } = await traced(machine.command(scenario.command), directory, log);
    const after = await machine.standing();
    return new Rig(machine, scenario, log, { points, before, after });
  }

  /** The scenario once, from its start, with a fault. */
  async interrupted(point: Point, what: Injected): Promise<TracedRun> {
    await this.machine.putBack();
    return this.again(this.scenario.command, point, what);
  }

  /** The next start, with a fault of its own. */
  again(command: Scenario["command"], point: Point, what: Injected): Promise<TracedRun> {
    const { machine, log } = this;
    return traced(machine.command(command), machine.directory, log, { point, what });
  }

  /**
   * Whether what is installed may be there while nothing has gone on yet.
   *
   * @param also what may be there besides
   */
  instantProblem(...also: readonly string[]): string | undefined {
    const { installed } = this.machine;
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
    if (scenario.command === "rollback" && differenceOf(refused, found) === undefined) return undefined;
    const wasGivenUp = found.journal === "idle" && found.blocked.length > 0;
    if (!wasGivenUp || !isDeepStrictEqual(found.home, after.home)) return problem;
    const origin = scenario.command === "resume" ? "1.0.0" : versionOf(before);
    if (versionOf(found) !== origin) return problem;
    const tomorrow = Math.floor(Date.now() / 1000) + BEYOND_BACKOFF_SECONDS;
    await machine
      .inProcess(
        (agent) => agent.product().update(true),
        () => tomorrow,
      )
      .catch(() => undefined);
    const later = await machine.standing();
    return versionOf(later) === versionOf(after) && later.journal === "idle"
      ? undefined
      : `given up, and a day later: ${differenceOf(after, later)}`;
  }

  /** The next start. @returns what it was refused with, unless it had to be */
  private async start(now?: () => number): Promise<string | undefined> {
    const { machine, scenario } = this;
    try {
      await machine.inProcess(async (agent) => {
        try {
          await (scenario.next === "update" ? agent.product().update(true) : agent.product().resume());
        } finally {
          // No controller takes it; what is to be told stays on disk.
          await agent.checkIn(0).catch(() => undefined);
        }
      }, now);
      return undefined;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "no code";
      if (code === scenario.refusal) return undefined;
      return `the next start ends with ${code}: ${error instanceof Error ? error.message : error}`;
    }
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
