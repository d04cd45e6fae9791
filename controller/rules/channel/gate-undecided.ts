import { parseDuration } from "../../../protocol/duration.ts";
import { alphaOfFleet } from "../../../protocol/gate/judge-gate.ts";
import { failuresToHalt } from "../../../protocol/gate/sequential-test.ts";
import { CONFIDENCE } from "../../../protocol/policy.ts";
import { parsePercent, WHOLE_PPM } from "../../../protocol/share.ts";
import type { CanaryState, GateState } from "../../../schemas/state.generated.ts";
import { canaryDevices } from "../canary-devices.ts";
import { channelsWith } from "../channels-with.ts";
import type { StateRule } from "../rule.ts";

export const channelGateUndecided: StateRule = {
  id: "channel/gate-undecided",
  severity: "warning",
  summary: "a gate has too few canaries to say anything before the first wave",
  explanation:
    "A gate halts when failures can hardly be chance. One failure of one canary can be: at a limit of 2 % it takes two of two, at 20 % three of three. And waves that open by health wait for `minReports` reports; where the canaries are fewer, the first wave waits for a person. Canaries that are a share of the fleet, or are selected by labels, are not judged here: `fairlead plan --inventory` and `fairlead simulate --runs` know how many they are.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 10, after: 4h}, {percent: 100, after: 1d}]\n  canary: {devices: [d-1]}\n  gate: {maxFailureRate: 2%, minReports: 20}\n",
      "products/agent/channels/beta.yaml":
        "version: 1.1.0\nrollout:\n  advance: healthy\n  waves: [{percent: 10, after: 4h}, {percent: 100, after: 1d}]\n  canary: {devices: [d-1, d-2]}\n  gate: {maxFailureRate: 2%, minReports: 20}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 10, after: 4h}, {percent: 100, after: 1d}]\n  canary: {devices: [d-1, d-2]}\n  gate: {maxFailureRate: 2%, minReports: 20}\n",
      "products/agent/channels/beta.yaml":
        "version: 1.1.0\nrollout:\n  advance: healthy\n  waves: [{percent: 10, after: 4h}, {percent: 100, after: 1d}]\n  canary: {devices: [d-1, d-2]}\n  gate: {maxFailureRate: 2%, minReports: 2}\n",
    },
  },
  *check({ state }) {
    for (const { name, document } of channelsWith(state, "canary")) {
      const { gate, canary, waves = [], advance } = document.value.rollout ?? {};
      if (gate === undefined || canary === undefined) continue;
      const groups = canaryDevices(state, canary.groups ?? []);
      const canaries = groups === undefined ? undefined : countCanaries(canary, groups);
      if (canaries === undefined || canaries === 0) continue;
      const who = canaries === 1 ? "the one canary" : `all ${canaries} canaries`;
      const at = { document, path: ["rollout", "canary"], part: "key" } as const;
      const [first] = waves;
      // Where the first wave comes at the same time, its devices report as well.
      const areAlone = first !== undefined && parseDuration(first.after) > 0;
      if ((areAlone || advance === "healthy") && !canHalt(gate, canaries)) {
        yield {
          message: `the gate of channel \`${name}\` would not halt if ${who} failed`,
          at,
          related: [{ at: { document, path: ["rollout", "gate"], part: "key" }, label: "the gate" }],
          help: "name more canaries: `fairlead rules channel/gate-undecided` says how many it takes",
        };
      } else if (advance === "healthy" && canaries < gate.minReports) {
        yield {
          message: `the first wave of channel \`${name}\` waits for ${gate.minReports} reports, and only canaries have the version by then: ${canaries}`,
          at: { document, path: ["rollout", "gate", "minReports"] },
          related: [{ at, label: `${canaries} devices` }],
          help: "lower `minReports`, or name more canaries; until then `fairlead advance` opens the wave",
        };
      }
    }
  },
};

/** `undefined`: a share of a fleet whose size state does not say. */
function countCanaries(
  { devices = [], share }: CanaryState,
  groups: ReadonlySet<string>,
): number | undefined {
  if (share !== undefined && parsePercent(share) > 0) return undefined;
  return new Set([...devices, ...groups]).size;
}

/** By the test of the fleet: that of a stratum takes as many failures at least. */
function canHalt({ maxFailureRate, confidence }: GateState, canaries: number): boolean {
  const sure = confidence === undefined ? CONFIDENCE : parsePercent(confidence);
  const limit = parsePercent(maxFailureRate) / WHOLE_PPM;
  // A gate that never halts, or is never sure, is told by rules of its own.
  if (limit >= 1 || sure >= WHOLE_PPM) return true;
  return failuresToHalt(limit, canaries, alphaOfFleet({ confidence: sure })) !== undefined;
}
