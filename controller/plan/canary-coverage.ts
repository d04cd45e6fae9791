import { cohort } from "../../protocol/cohort.ts";
import type { Rollout } from "../../protocol/policy.ts";
import { isCanary } from "../../protocol/waves.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";

/** Devices of one platform or site that a rollout reaches, and how many of them are canaries. */
export interface Coverage {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  /** `platform linux-arm64` or `site acme/berlin`. */
  readonly part: string;
  devices: number;
  canaries: number;
}

/** Counts, for each rollout with canaries, whether they cover what the fleet has. */
export class CanaryCoverage {
  private readonly parts = new Map<string, Coverage>();

  /** @param groups the groups of the device, as `tenant/group` */
  add(
    record: InventoryRecord,
    rollout: Rollout,
    channel: string,
    version: string,
    groups: readonly string[],
  ): void {
    const { device, product } = record;
    const part = partOf(record, rollout);
    if (part === undefined) return;
    const key = JSON.stringify([product, channel, version, part]);
    let coverage = this.parts.get(key);
    if (coverage === undefined) {
      coverage = { product, channel, version, part, devices: 0, canaries: 0 };
      this.parts.set(key, coverage);
    }
    coverage.devices++;
    if (isCanary(rollout, device, groups, cohort(product, version, device))) coverage.canaries++;
  }

  /** What no canary covers, most devices first. */
  missing(): Coverage[] {
    return [...this.parts.values()]
      .filter(({ canaries }) => canaries === 0)
      .sort((a, b) => b.devices - a.devices || (a.part < b.part ? -1 : 1));
  }
}

function partOf({ platform, tenant, site }: InventoryRecord, { canary }: Rollout): string | undefined {
  if (canary === undefined) return undefined;
  if (canary.of !== "site") return `platform ${platform}`;
  return tenant === undefined || site === undefined ? undefined : `site ${tenant}/${site}`;
}
