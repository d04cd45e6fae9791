import { decide } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import type { Device } from "../../protocol/device.ts";
import type { ProductPolicy } from "../../protocol/policy.ts";
import type { Releases } from "../../protocol/release.ts";
import type { AgentConfig } from "../config/agent-config.ts";
import type { AgentState, InstalledFile } from "../state/agent-state.ts";
import { blockedVersions } from "../state/block-build.ts";
import type { TrustedRepository } from "../trust/trusted-repository.ts";
import { findInstalledVersion } from "./installed-version.ts";

/** A decision about this device with what it was made from. */
export interface Evaluation {
  readonly decision: Decision;
  readonly device: Device;
  readonly installed: InstalledFile | undefined;
  readonly policy: ProductPolicy;
  readonly releases: Releases;
}

/** What the agent knows from before. */
export interface Remembered {
  readonly state: AgentState;
  readonly newestConfirmed: string | undefined;
}

/** node's platform and architecture, as artifacts name them. */
export const PLATFORM = `${process.platform}-${process.arch}`;

/**
 * Asks `decide` about this device with the verified repository.
 *
 * @param updateNow a person asked: passes waves, window and `autoUpdate: false`
 */
export async function evaluate(
  config: AgentConfig,
  deviceId: string,
  repository: TrustedRepository,
  { state, newestConfirmed }: Remembered,
  now: number,
  updateNow: boolean,
): Promise<Evaluation> {
  const [releases, policy, tenant] = await Promise.all([
    repository.releases(config.product),
    repository.productPolicy(config.product),
    config.tenant === undefined ? undefined : repository.tenantPolicy(config.tenant.key),
  ]);
  const device: Device = {
    id: deviceId,
    platform: PLATFORM,
    ...(config.tenant === undefined ? {} : { tenant: config.tenant.name }),
    ...(config.site === undefined ? {} : { site: config.site }),
  };
  const installed = await findInstalledVersion(config, state, releases, PLATFORM);
  const local = {
    ...(config.channel === undefined ? {} : { channel: config.channel }),
    updateNow,
    blocked: blockedVersions(state.blocked, releases, PLATFORM),
    ...(state.lastCheckAt === undefined ? {} : { lastCheckAt: state.lastCheckAt }),
    ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
  };
  const decision = decide(
    tenant === undefined ? { product: policy } : { product: policy, tenant },
    releases,
    device,
    { version: installed?.version ?? null },
    local,
    now,
  );
  return { decision, device, installed, policy, releases };
}
