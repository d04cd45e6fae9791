import { EVENT_NAMES, EVENTS, type EventName, type News, type Subject } from "./fact.ts";

const COMMIT = "3f9c2ab0".repeat(5);

const CHANNEL: Subject = { product: "agent", channel: "stable", version: "1.4.2", commit: COMMIT };

interface Sample {
  readonly subject: Subject;
  readonly title: string;
  readonly lines: readonly string[];
  readonly page: string;
}

const OF_CHANNEL = { subject: CHANNEL, page: "/rollouts/agent/stable" } as const;
const OF_CONTROLLER = { subject: {}, page: "/" } as const;
const OF_COMMIT = { subject: { commit: COMMIT }, page: `/history/${COMMIT}` } as const;

const SAMPLES: Readonly<Record<EventName, Sample>> = {
  promoted: {
    ...OF_CHANNEL,
    title: "agent: stable gets 1.4.2",
    lines: ["it had 1.4.1", "Fixes the heartbeat."],
  },
  finished: {
    ...OF_CHANNEL,
    title: "agent 1.4.2 has reached all of stable",
    lines: ["2 failures of 3,402 machines that count"],
  },
  halted: {
    ...OF_CHANNEL,
    title: "agent 1.4.2 on stable is halted by its gate",
    lines: ["37 of 40 that count have failed", "nobody else gets it; machines that have it keep it"],
  },
  held: {
    ...OF_CHANNEL,
    title: "agent 1.4.2 on stable waits for a person",
    lines: ["wave 2 is opened by hand"],
  },
  stale: { ...OF_CHANNEL, title: "agent: stable is stale at 1.4.1", lines: ["1.4.2 waits on beta"] },
  refused: {
    ...OF_COMMIT,
    title: "commit 3f9c2ab03f is refused: 1 mistake",
    lines: ["tenants/acme.yaml:3: unknown key `pni` (did you mean `pin`?)"],
  },
  "commit-held": {
    ...OF_COMMIT,
    title: "commit 3f9c2ab03f is held because nobody signed it who may",
    lines: ["what was served before stays served"],
  },
  stalled: { ...OF_CONTROLLER, title: "the controller cannot publish: the online key is missing", lines: [] },
  "source-unseen": {
    ...OF_CONTROLLER,
    title: "the state repository has not answered for 20m; nothing new is served",
    lines: ["the name git.acme.example is not known"],
  },
  expiring: {
    ...{ subject: { role: "root" }, page: "/" },
    title: "root expires in 6d, at 2027-01-21T00:00:00Z",
    lines: ["people have to sign it again: `fairlead keys status` says how"],
  },
  expired: {
    ...{ subject: { role: "targets" }, page: "/" },
    title: "targets has expired at 2027-01-15T00:00:00Z",
    lines: ["people have to sign it again: `fairlead keys status` says how"],
  },
  "below-minimum": {
    ...{ subject: { product: "agent" }, page: "/fleet?state=refused" },
    title: "7 machines of agent are below the minimum version and have no way on",
    lines: ["7 at 1.2.0 on linux-x64: 1.4.2 may be installed over >=1.3.0"],
  },
  silent: {
    ...{ subject: {}, page: "/fleet?state=silent" },
    title: "412 of 3,402 machines have been silent for a day",
    lines: [],
  },
};

/**
 * One of each, as it would come; every title says that it is a trial.
 *
 * @param run makes the ids of this trial differ from those of another
 * @param now seconds since 1970
 */
export function sampleNews(run: string, now: number): News[] {
  return EVENT_NAMES.map((event) => {
    const { title, ...rest } = SAMPLES[event];
    const id = `trial-${run}-${event}`;
    const phase = EVENTS[event].kind === "happening" ? "happened" : "began";
    return { id, thread: id, event, phase, at: now, title: `A trial: ${title}`, ...rest };
  });
}
