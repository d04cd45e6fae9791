import { formatDuration, parseDuration } from "../../../protocol/duration.ts";
import { MAX_CHECK_INTERVAL } from "../../../protocol/policy.ts";
import type { StateRule } from "../rule.ts";

export const fleetCheckIntervalTooLong: StateRule = {
  id: "fleet/check-interval-too-long",
  severity: "warning",
  summary: "agents are asked to wait longer between two polls than they do",
  explanation:
    "Agents look at least once a day, whatever policy says: otherwise who steals the key that signs policy could silence a fleet for years. `0s` leaves it at that one look. A machine that shall never look by itself says so in its own config.",
  failing: { files: { "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 2d\n" } },
  passing: { files: { "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 1d\n" } },
  *check({ state }) {
    const document = state.fleet;
    const { checkInterval } = document?.value ?? {};
    if (document === undefined || checkInterval === undefined) return;
    if (parseDuration(checkInterval) <= MAX_CHECK_INTERVAL) return;
    yield {
      message: `agents look every ${formatDuration(MAX_CHECK_INTERVAL)}, though \`checkInterval\` says ${checkInterval}`,
      at: { document, path: ["checkInterval"] },
      help: `write at most \`${formatDuration(MAX_CHECK_INTERVAL)}\``,
    };
  },
};
