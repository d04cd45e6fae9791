import { formatDuration, parseDuration } from "../../../protocol/duration.ts";
import { MAX_CHECK_INTERVAL } from "../../../protocol/policy.ts";
import type { StateRule } from "../rule.ts";

/** Seconds between two looks of a machine that nobody has told how often (docs/agent.md). */
const UNTOLD = 6 * 3_600;
/** From here on somebody waits who has an emergency. */
const LONG = 3_600;

export const fleetCheckIntervalRaised: StateRule = {
  id: "fleet/check-interval-raised",
  severity: "warning",
  summary: "agents will look less often than they did",
  needs: "before",
  explanation:
    "A machine hears of everything with its next look: a promotion, and a pause or a halt as well. With a longer `checkInterval` all of that comes so much later, although no plan shows another time: waves say from when on a machine may go, not when it asks. Told from one hour on. Needs the state before the change (`--base`).",
  failing: {
    before: { "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 5m\n" },
    files: { "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 12h\n" },
  },
  passing: {
    before: { "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 5m\n" },
    files: { "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 15m\n" },
  },
  *check({ state, before }) {
    const document = state.fleet;
    if (document === undefined || before === undefined) return;
    const is = intervalOf(document.value.checkInterval);
    const was = intervalOf(before.fleet.value.checkInterval);
    if (is <= was || is < LONG) return;
    yield {
      message: `agents will look every ${formatDuration(is)}, and looked every ${formatDuration(was)}: a pause or a halt reaches them so much later`,
      at: {
        document,
        path: document.value.checkInterval === undefined ? [] : ["checkInterval"],
      },
      help: "keep it short enough for an emergency, or `acknowledge` this with a reason",
    };
  },
};

/** Seconds between two looks: policy slows them to one a day at most. */
function intervalOf(said: string | undefined): number {
  if (said === undefined) return UNTOLD;
  const seconds = parseDuration(said);
  return seconds === 0 ? MAX_CHECK_INTERVAL : Math.min(seconds, MAX_CHECK_INTERVAL);
}
