import type { Decision, Misfit } from "../../../protocol/decision.ts";
import type { LocalState } from "../../../protocol/device.ts";
import type { ProductPolicy } from "../../../protocol/policy.ts";
import { ProtocolError } from "../../../protocol/protocol-error.ts";
import { summariseUnmet } from "../../../protocol/requirements.ts";
import { stateOf } from "../../fleet/device-state.ts";
import type { DeviceState } from "../../fleet/store/fleet-store.ts";
import type { DeviceRecord, InstallationRecord, RequestRecord } from "../../fleet/store/records.ts";
import type { ManifestView } from "../manifest/served-manifest.ts";
import type { Caller } from "../sign-in.ts";
import { decideFor } from "./device-decision.ts";
import { withPlainHalts } from "./plain-halts.ts";

/** What `decide` says of one product on a machine, as short as a row of a list takes. */
export interface Offer {
  readonly action: Decision["action"];
  /** The version that it is on its way to. */
  readonly target?: string;
  /** What it would install first, where it may now. */
  readonly next?: string;
  /** Why not: `paused`, `halt`, `window`, `no-path`, ... */
  readonly reason?: string;
  readonly eligibleAt?: number;
  /** What the rule said that ended the decision. */
  readonly why?: string;
  /** What would be the target, if the machine had what that, or a step on the way to it, requires. */
  readonly misfit?: Misfit;
}

/** A machine as lists show it. */
export interface DeviceRow extends Omit<DeviceRecord, "installations"> {
  readonly state: DeviceState;
  /** `null`: nobody kept it. */
  readonly stateSince: number | null;
  readonly installations: readonly InstallationRow[];
  /** What waits for it. */
  readonly requests: readonly RequestRecord[];
}

export interface InstallationRow extends InstallationRecord {
  /** What it does by itself; absent where the manifest has no such product. */
  readonly offer?: Offer;
  /** What it would do if it were asked to update now. */
  readonly ifAsked?: Offer;
}

/** How devices are decided for whoever asks. */
export interface Decider {
  readonly manifest: ManifestView | undefined;
  readonly caller: Caller;
  /** Seconds since 1970. */
  readonly now: number;
}

export function rowOf(decider: Decider, device: DeviceRecord, requests: readonly RequestRecord[]): DeviceRow {
  const { state, since } = stateOf(device, decider.now);
  return {
    ...device,
    state,
    stateSince: since,
    installations: device.installations.map((installation) => {
      const offer = offerTo(decider, device, installation, {});
      const ifAsked = offerTo(decider, device, installation, { updateNow: true });
      return {
        ...installation,
        ...(offer === undefined ? {} : { offer }),
        ...(ifAsked === undefined ? {} : { ifAsked }),
      };
    }),
    requests,
  };
}

/** @returns `undefined`: the manifest has no such product, or says of it what nobody can read */
export function offerTo(
  { manifest, caller, now }: Decider,
  device: DeviceRecord,
  installation: InstallationRecord,
  local: Pick<LocalState, "updateNow">,
): Offer | undefined {
  if (manifest === undefined) return undefined;
  const policyOf = caller.tenants === null ? (policy: ProductPolicy) => policy : withPlainHalts;
  try {
    const decision = decideFor(manifest, device, installation, policyOf, now, local);
    return decision === undefined ? undefined : offerOf(decision);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function offerOf(decision: Decision): Offer {
  const why = decision.trail.at(-1)?.text;
  const because = why === undefined ? {} : { why };
  switch (decision.action) {
    case "paused":
      return { action: "paused", reason: "paused", ...because };
    case "none":
      return { action: "none", reason: "nothing-offered", ...because };
    case "stay": {
      const { target, misfit } = decision;
      if (misfit === undefined) return { action: "stay", target, reason: "current" };
      return { action: "stay", target, reason: "requirement-not-met", why: lackOf(misfit), misfit };
    }
    case "refuse": {
      const { code, target, misfit } = decision;
      return {
        ...{ action: "refuse", reason: code, ...because },
        ...(target === undefined ? {} : { target }),
        ...(misfit === undefined ? {} : { misfit }),
      };
    }
    case "wait": {
      const { target, waitingFor, eligibleAt } = decision;
      const at = eligibleAt === undefined ? {} : { eligibleAt };
      return { action: "wait", target, reason: waitingFor, ...at, ...because };
    }
    case "update":
    case "rollback":
      return { action: decision.action, target: decision.target, next: decision.path[0] };
  }
}

function lackOf({ version, unmet }: Misfit): string {
  return `${version} needs more than the machine has: ${unmet.map(summariseUnmet).join(", ")}`;
}
