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
  /** How many intervals the controller is away; twelve of five minutes are an hour. */
  readonly outage: number;
  readonly json: boolean;
  /** Play the story of the page, in a browser, in place of the fleet's own. */
  readonly page: boolean;
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

export const USAGE = `Usage: npm run fleet -- [--agents 10000] [--failing 5] [--interval SECONDS] [--outage INTERVALS] [--json] [--page]

Plays a fleet of real clients against a real controller: they enrol, a version spreads in waves, a bad one is halted
by its gate, resumed and taken back, and the controller is away for an hour of the fleet's time. Every promise that is
broken is named, and makes the exit code 1. With --page a person watches a promotion, a halt and what comes of it on the
page, in Chromium.
`;

/** @throws TypeError for arguments that are none */
export function readSettings(args: readonly string[]): Settings | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      agents: { type: "string", default: "10000" },
      failing: { type: "string", default: "5" },
      interval: { type: "string" },
      outage: { type: "string", default: String(AN_HOUR) },
      json: { type: "boolean", default: false },
      page: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const agents = number("--agents", values.agents, 20, 1_000_000);
  const usual = Math.max(2, Math.ceil((2 * agents) / REQUESTS_PER_SECOND));
  const interval = values.interval === undefined ? usual : number("--interval", values.interval, 1, 3_600);
  return {
    agents,
    interval,
    wave: Math.max(SHORTEST_WAVE, 2 * interval),
    failing: number("--failing", values.failing, 1, 100),
    outage: number("--outage", values.outage, 1, 100),
    json: values.json,
    page: values.page,
  };
}

function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(`${name} expects a whole number from ${least} to ${most}, got \`${text}\``);
}
