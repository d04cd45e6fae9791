import { decide } from "../../../protocol/decide.ts";
import type { Decision } from "../../../protocol/decision.ts";
import { type LocalState, localChoices } from "../../../protocol/device.ts";
import type { ProductPolicy } from "../../../protocol/policy.ts";
import { releasesForFormat } from "../../../protocol/releases-for-format.ts";
import type { DeviceRecord, InstallationRecord } from "../../fleet/store/records.ts";
import type { ManifestView } from "../manifest/served-manifest.ts";

/**
 * What a device should do about one of its products, by what is known of it. The agent asks the same function with what it
 * knows itself.
 *
 * @param policyOf what of a product's policy the asker may hear
 * @param now      seconds since 1970
 * @param asked    what it would do if a person asked it to
 * @returns `undefined`: the manifest has no such product
 */
export function decideFor(
  manifest: ManifestView,
  device: DeviceRecord,
  installation: InstallationRecord,
  policyOf: (policy: ProductPolicy) => ProductPolicy,
  now: number,
  asked: Pick<LocalState, "updateNow"> = {},
): Decision | undefined {
  const product = manifest.products.get(installation.product);
  if (product === undefined) return undefined;
  const { id, platform, tenant, site, labels, facts } = device;
  const { installed, blocked, newestConfirmed, lastCheckAt } = installation;
  const policy = tenant === null ? undefined : manifest.tenants.get(tenant);
  return decide(
    { product: policyOf(product.policy), ...(policy === undefined ? {} : { tenant: policy }) },
    releasesForFormat(product.releases, installation.format),
    {
      id,
      platform,
      labels,
      ...(tenant === null ? {} : { tenant }),
      ...(site === null ? {} : { site }),
      ...(facts === null ? {} : { facts }),
    },
    { version: installed?.version ?? null },
    {
      blocked,
      ...localChoices(installation),
      ...asked,
      ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
      ...(lastCheckAt === undefined ? {} : { lastCheckAt }),
    },
    now,
  );
}
