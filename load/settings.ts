import { parseArgs } from "node:util";

/** What is played. Times are seconds. */
export interface Settings {
  readonly agents: number;
  /** Between two polls of an agent: stands for the five minutes of a real fleet. */
  readonly interval: number;
  /** Between two waves. */
  readonly wave: number;
  /** Percent of the machines of `FAILING_PLATFORM` on which 1.2.0 fails. */
  readonly failing: number;
  /** Play the last chapter alone: the outage, and what is counted after it. */
  readonly outageOnly: boolean;
  /** How many intervals the controller is away; twelve of five minutes are an hour. */
  readonly outage: number;
  readonly json: boolean;
  /** Play the story of the page, in a browser, in place of the fleet's own. */
  readonly page: boolean;
  /** Minutes for which pages are left open, in place of that story; 0: the story. */
  readonly open: number;
}

/** Polls and check-ins together that a fleet of any size brings in a second: more agents take longer over the story. */
const REQUESTS_PER_SECOND = 500;
const AN_HOUR = 12;
/** Seconds: reports of one wave are to be counted, and a halt signed, before the next opens. */
const SHORTEST_WAVE = 6;

/** The version that fails on one platform. */
export const BAD = "1.2.0";
export const FAILING_PLATFORM = "linux-arm64";
/** Percent of the fleet, one wave after the other. */
export const WAVES: readonly number[] = [1, 10, 50, 100];

/** Percent of the machines of `FAILING_PLATFORM`. On the page one platform fails as a whole, so that any fleet has a halt. */
const FAILING = { fleet: "5", page: "80" } as const;

export const USAGE = `Usage: npm run fleet -- [--agents 10000] [--failing PERCENT] [--interval SECONDS] [--outage INTERVALS] [--outage-only] [--json]
       npm run fleet -- --page [--agents 10000] [--failing PERCENT] [--interval SECONDS] [--json]
       npm run fleet -- --page --open MINUTES [--agents 10000] [--interval SECONDS] [--json]

Plays a fleet of real clients against a real controller: they enrol, a version spreads in waves, a bad one is halted
by its gate, resumed and taken back, and the controller is away for an hour of the fleet's time. Every promise that is
broken is named, and makes the exit code 1.

With --page a person watches it in Chromium, on one page that is never loaded again: a version goes out, the next one
fails on one platform and is halted, somebody resumes it, takes it back and promotes the one after. What the page said is
printed sentence by sentence, and how long after the controller it showed the halt; what it complained of is a broken
promise. The controller is not away then.

With --page --open 60 nobody does anything for an hour but the pipeline, which promotes a version every two minutes: the
overview, the rollout and the fleet stay open, and it is measured what they hold after a collection of garbage (heap, nodes,
listeners) and how long after the controller they show the newest. A page that grows or falls behind is a broken promise.

--failing   percent of the machines of ${FAILING_PLATFORM} on which ${BAD} fails: ${FAILING.fleet}, with --page ${FAILING.page}
--interval  seconds between two looks of a machine; by default so many that ${REQUESTS_PER_SECOND} requests come in a second
--open      minutes for which pages stay open, in place of the story
--outage    intervals for which the controller is away: ${AN_HOUR}, which are an hour where an interval is five minutes
--outage-only  plays that part alone: it takes half of the time, and wants a machine that does nothing else
--json      promises and figures as JSON
`;

/** @throws TypeError for arguments that are none */
export function readSettings(args: readonly string[]): Settings | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      agents: { type: "string", default: "10000" },
      failing: { type: "string" },
      interval: { type: "string" },
      outage: { type: "string" },
      "outage-only": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      page: { type: "boolean", default: false },
      open: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const agents = number("--agents", values.agents, 20, 1_000_000);
  const usual = Math.max(2, Math.ceil((2 * agents) / REQUESTS_PER_SECOND));
  const interval = values.interval === undefined ? usual : number("--interval", values.interval, 1, 3_600);
  if (values.page && (values.outage !== undefined || values["outage-only"])) {
    throw new TypeError("--outage is no part of what --page plays: leave one of them out");
  }
  if (values.open !== undefined && !values.page) {
    throw new TypeError("--open is about pages: say --page as well");
  }
  const usualFailing = values.page ? FAILING.page : FAILING.fleet;
  return {
    agents,
    interval,
    wave: Math.max(SHORTEST_WAVE, 2 * interval),
    failing: number("--failing", values.failing ?? usualFailing, 1, 100),
    outage: number("--outage", values.outage ?? String(AN_HOUR), 1, 100),
    outageOnly: values["outage-only"],
    json: values.json,
    page: values.page,
    open: values.open === undefined ? 0 : number("--open", values.open, 1, 1_440),
  };
}

function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(`${name} expects a whole number from ${least} to ${most}, got \`${text}\``);
}
