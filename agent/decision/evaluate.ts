import { decide } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import { type Device, type LocalState, localChoices } from "../../protocol/device.ts";
import type { ProductPolicy } from "../../protocol/policy.ts";
import type { Releases } from "../../protocol/release.ts";
import { releasesForFormat } from "../../protocol/releases-for-format.ts";
import { choicesDenied } from "../../protocol/rules/local-choices.ts";
import { scopesOf } from "../../protocol/scope.ts";
import type { ProductConfig } from "../config/agent-config.ts";
import type { Format } from "../formats/format.ts";
import type { AgentState, InstalledBuild } from "../state/agent-state.ts";
import { blockedVersions } from "../state/block-build.ts";
import type { TrustedRepository } from "../trust/trusted-repository.ts";
import { findInstalledVersion } from "./installed-version.ts";
import { buildsFor, PLATFORM } from "./machine-builds.ts";

/** A decision about this device with what it was made from. */
export interface Evaluation {
  readonly decision: Decision;
  readonly device: Device;
  readonly installed: InstalledBuild | undefined;
  readonly policy: ProductPolicy;
  readonly releases: Releases;
  /** The place in state that takes this machine's own choices away; absent: they count. */
  readonly choicesDenied?: string;
}

/** What a person, or an operator's request, asks for in one decision. */
export type Asked = Pick<LocalState, "updateNow" | "firstInstall">;

/** What the agent knows from before. */
export interface Remembered {
  readonly state: AgentState;
  readonly newestConfirmed: string | undefined;
}

/**
 * Asks `decide` about this device with the verified repository.
 *
 * @param known     who this machine is, and what it is
 * @param asked     what a person asked for
 */
export async function evaluate(
  config: ProductConfig,
  known: Pick<Device, "id" | "facts">,
  format: Format,
  repository: TrustedRepository,
  { state, newestConfirmed }: Remembered,
  now: number,
  asked: Asked,
): Promise<Evaluation> {
  const [signed, policy, tenant] = await Promise.all([
    repository.releases(config.product),
    repository.productPolicy(config.product),
    config.tenant === undefined ? undefined : repository.tenantPolicy(config.tenant),
  ]);
  const releases = releasesForFormat(signed, format.name);
  const device: Device = {
    ...known,
    platform: PLATFORM,
    ...(config.tenant === undefined ? {} : { tenant: config.tenant.name }),
    ...(config.site === undefined ? {} : { site: config.site }),
    ...(config.labels === undefined ? {} : { labels: config.labels }),
  };
  const builds = buildsFor(releases, PLATFORM, format);
  const installed = await findInstalledVersion(format, state.installed, builds);
  const local = {
    ...localChoices(config),
    ...asked,
    blocked: blockedVersions(state.blocked, builds, asked.updateNow === true),
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
  const denied = choicesDenied({ scopes: scopesOf(policy, tenant, device) });
  return {
    ...{ decision, device, installed, policy, releases },
    ...(denied === undefined ? {} : { choicesDenied: denied }),
  };
}
