import type { Policy } from "../../protocol/decide.ts";
import type { Device } from "../../protocol/device.ts";
import type { ChannelPolicy, ProductPolicy, TenantPolicy } from "../../protocol/policy.ts";
import type { Release } from "../../protocol/release.ts";

/** 2026-11-20T00:00:00Z, a Friday. */
export const T0 = 1_795_132_800;
export const HOUR = 3600;
export const DAY = 86_400;

export function release(version: string, rest: Partial<Release> = {}): Release {
  return {
    version,
    active: true,
    severity: "normal",
    artifacts: ["linux-x64", "linux-arm64"].map((platform) => ({
      platform,
      format: "binary",
      target: `releases/agent/${version}/${platform}/agent`,
      size: 1000,
      sha256: "0".repeat(64),
    })),
    ...rest,
  };
}

/** A channel that pointed to `versions`, the last one now, one a day, the last at `T0`. */
export function channel(versions: readonly string[], rest: Partial<ChannelPolicy> = {}): ChannelPolicy {
  const promotions = versions.map((version, i) => ({
    version,
    at: T0 - (versions.length - 1 - i) * DAY,
    commit: "c".repeat(40),
  }));
  const [current, ...previous] = promotions.reverse();
  if (current === undefined) throw new Error("a channel points to something");
  return { current, previous, ...rest };
}

export function product(rest: Partial<ProductPolicy> = {}): ProductPolicy {
  return {
    kind: "product",
    schemaVersion: 1,
    commit: "c".repeat(40),
    product: "agent",
    versionScheme: "semver",
    fleet: { defaultChannel: "stable" },
    channels: { stable: channel(["1.3.0", "1.4.0"]) },
    yanked: [],
    ...rest,
  };
}

export function tenant(rest: Partial<TenantPolicy> = {}): TenantPolicy {
  return {
    kind: "tenant",
    schemaVersion: 1,
    tenant: "acme",
    sites: {},
    groups: [],
    devices: {},
    ...rest,
  };
}

export function policy(
  productRest: Partial<ProductPolicy> = {},
  tenantRest: Partial<TenantPolicy> = {},
): Policy {
  return { product: product(productRest), tenant: tenant(tenantRest) };
}

export const RELEASES = [release("1.2.0"), release("1.3.0"), release("1.4.0"), release("1.5.0")];

export function device(id = "d-1", rest: Partial<Device> = {}): Device {
  return { id, platform: "linux-x64", tenant: "acme", site: "berlin", ...rest };
}
