import { type Ppm, WHOLE_PPM } from "../../protocol/share.ts";
import type { Demand, ExpectedPart, ExpectedTime } from "./expectation.ts";
import { isStep, type Moment } from "./follow-machine.ts";
import { type Machine, PresumedMachine } from "./machine.ts";

type Pace = Extract<Demand, { kind: "atMost" }>;

/** A span of time in which too many machines change their version. */
export interface TooMany {
  /** Of what they are too large a share: `tenant acme`, or the machines that others stand for. */
  readonly of: string;
  /** The first second of the span. */
  readonly at: number;
  /** How many of how many machines; absent where nobody knows, and waves alone say the share. */
  readonly counted: { readonly moving: number; readonly total: number } | undefined;
  readonly share: Ppm;
  /** One of those that go then. */
  readonly machine: Machine;
  readonly moment: Moment;
}

interface Step {
  readonly at: number;
  readonly machine: Machine;
}

interface Part {
  readonly name: string;
  total: number;
  readonly steps: Step[];
}

/** Counts how many of the machines that it is shown change their version in a span of time, part by part. */
export class PaceCount {
  private readonly pace: Pace;
  private readonly when: ExpectedTime;
  private readonly now: number;
  private readonly parts = new Map<string, Part>();
  /** The machines that stand for the parts of one whole, the first of the queue first; they come one after the other. */
  private whole: PresumedMachine[] = [];
  private worstWhole: TooMany | undefined;

  constructor(pace: Pace, when: ExpectedTime, now: number) {
    this.pace = pace;
    this.when = when;
    this.now = now;
  }

  add(machine: Machine): void {
    if (machine instanceof PresumedMachine) {
      if (this.whole[0]?.standsFor.whole !== machine.standsFor.whole) this.finishWhole();
      this.whole.push(machine);
      return;
    }
    const steps = this.stepsOf(machine.moments(this.now)).map(({ at }) => ({ at, machine }));
    for (const name of partsOf(this.pace.of, machine)) {
      const key = `${machine.product}\0${name}`;
      const part = this.parts.get(key) ?? { name, total: 0, steps: [] };
      part.total++;
      part.steps.push(...steps);
      this.parts.set(key, part);
    }
  }

  /** The part in which the largest share goes too fast; `undefined`: none does. */
  worst(): TooMany | undefined {
    this.finishWhole();
    let worst = this.worstWhole;
    for (const part of this.parts.values()) {
      const found = this.judgePart(part);
      if (found !== undefined && found.share > (worst?.share ?? 0)) worst = found;
    }
    return worst;
  }

  private finishWhole(): void {
    const found = this.judgeWhole(this.whole);
    if (found !== undefined && found.share > (this.worstWhole?.share ?? 0)) this.worstWhole = found;
    this.whole = [];
  }

  /** The steps among these that are in the time of the expectation. */
  private stepsOf(moments: readonly Moment[]): Moment[] {
    const { when } = this;
    const [from, until] = when.kind === "at" ? [when.at, when.at + 1] : [when.from, when.until];
    return moments.filter((moment) => isStep(moment) && moment.at >= from && moment.at < until);
  }

  /** The most machines in a span that begins with the step of one; each is counted once. */
  private judgePart({ name, total, steps }: Part): TooMany | undefined {
    const { share, within } = this.pace;
    steps.sort((a, b) => a.at - b.at);
    const inside = new Map<Machine, number>();
    let most: { readonly first: Step; readonly moving: number } | undefined;
    let last = 0;
    for (const first of steps) {
      for (let step = steps[last]; step !== undefined && step.at < first.at + within; step = steps[++last]) {
        inside.set(step.machine, (inside.get(step.machine) ?? 0) + 1);
      }
      if (inside.size > (most?.moving ?? 0)) most = { first, moving: inside.size };
      const left = (inside.get(first.machine) ?? 0) - 1;
      if (left > 0) inside.set(first.machine, left);
      else inside.delete(first.machine);
    }
    const allowed = Math.max(1, Math.floor((total * share) / WHOLE_PPM));
    if (most === undefined || most.moving <= allowed) return undefined;
    const { first, moving } = most;
    const moment = first.machine.moments(this.now).find((each) => isStep(each) && each.at === first.at);
    if (moment === undefined) return undefined;
    return {
      of: name,
      at: first.at,
      counted: { moving, total },
      share: Math.round((moving * WHOLE_PPM) / total),
      machine: first.machine,
      moment,
    };
  }

  /** The same where machines stand for shares: those of evenly opening waves go one after the other. */
  private judgeWhole(machines: readonly PresumedMachine[]): TooMany | undefined {
    const { within, share: allowed } = this.pace;
    const going = machines.map((machine) => {
      return { machine, steps: this.stepsOf(machine.sincePromotion(this.now)) };
    });
    const spans = going.flatMap(({ machine, steps }, index) => {
      const following = going[index + 1];
      return steps.map((moment, number) => {
        const { at } = moment;
        const then = machine.standsFor.isSpread ? (following?.steps[number]?.at ?? at) : at;
        return { at, to: Math.max(at, then), machine, moment };
      });
    });
    let worst: TooMany | undefined;
    const begins = new Set(spans.flatMap(({ at, to }) => [at, to - within + 1]));
    for (const begin of begins) {
      const shares = new Map<PresumedMachine, number>();
      for (const { machine, at, to } of spans) {
        const part = overlap(at, to, begin, begin + within) * machine.standsFor.share;
        if (part > (shares.get(machine) ?? 0)) shares.set(machine, part);
      }
      const share = Math.round(shares.values().reduce((sum, part) => sum + part, 0));
      if (share <= allowed || share <= (worst?.share ?? 0)) continue;
      const first = spans.find(({ at, to }) => overlap(at, to, begin, begin + within) > 0);
      if (first === undefined) continue;
      const { machine, moment } = first;
      worst = {
        of: machine.standsFor.whole,
        at: Math.max(begin, first.at),
        counted: undefined,
        share,
        machine,
        moment,
      };
    }
    return worst;
  }
}

/** Which fraction of a span lies in another one; a span without length is a second. */
function overlap(at: number, to: number, from: number, until: number): number {
  if (to <= at) return at >= from && at < until ? 1 : 0;
  return Math.max(0, Math.min(to, until) - Math.max(at, from)) / (to - at);
}

/** The parts of the fleet that a machine belongs to. */
function partsOf(of: ExpectedPart, machine: Machine): readonly string[] {
  const { tenant, site, platform } = machine.device;
  switch (of) {
    case "fleet":
      return ["the fleet"];
    case "tenant":
      return tenant === undefined ? [] : [`tenant ${tenant}`];
    case "site":
      return tenant === undefined || site === undefined ? [] : [`site ${tenant}/${site}`];
    case "group":
      return machine.groups.map((group) => `group ${tenant}/${group}`);
    case "channel":
      return [`channel ${machine.product}/${machine.choice.name}`];
    case "platform":
      return [`platform ${platform}`];
  }
}
