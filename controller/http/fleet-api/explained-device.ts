import type { Decision } from "../../../protocol/decision.ts";
import type { ProductPolicy } from "../../../protocol/policy.ts";
import type { DeviceRecord, InstallationRecord } from "../../fleet/store/records.ts";
import { requireServing } from "../route-context.ts";
import type { Caller } from "../sign-in.ts";
import { decideFor } from "./device-decision.ts";
import { type FleetScope, nothingLike } from "./fleet-scope.ts";
import { withPlainHalts } from "./plain-halts.ts";
import { installationOf, visibleDevice } from "./visible-device.ts";

/** Why a device runs what it runs of one product, as far as the asker may hear it. */
export interface ExplainedDevice {
  readonly device: DeviceRecord;
  readonly installation: InstallationRecord;
  /** Seconds since 1970. */
  readonly at: number;
  /** Of the manifest that it was decided by. */
  readonly commit: string;
  readonly decision: Decision;
}

/**
 * Asks `decide` about a device that the caller may know of.
 *
 * @param product may be left out where the device has one
 * @throws HttpError `http/not-found`, `http/unknown-product`, `http/bad-request`, `http/no-manifest`
 */
export async function explainedDevice(
  { context, store }: FleetScope,
  caller: Caller,
  id: string,
  product: string | undefined,
): Promise<ExplainedDevice> {
  const { manifest } = requireServing(context);
  const device = await visibleDevice(store, caller, id);
  const installation = installationOf(device, product);
  const at = context.now();
  const policyOf = caller.tenants === null ? (policy: ProductPolicy) => policy : withPlainHalts;
  const decision = decideFor(manifest, device, installation, policyOf, at);
  if (decision === undefined) throw nothingLike("product");
  return { device, installation, at, commit: manifest.commit, decision };
}
