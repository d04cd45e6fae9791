import type { Device } from "./device.ts";
import { matchesDevice } from "./match-device.ts";
import { isMember } from "./membership.ts";
import type {
  GroupPolicy,
  Pause,
  ProductPolicy,
  ScopePolicy,
  ScopeSettings,
  TenantPolicy,
} from "./policy.ts";

/** One level of a device's path, with the place in state that says it. */
export interface Scope {
  /** `fleet`, `tenant acme`, `site acme/berlin`, `group acme/canaries`, `device d-1`. */
  readonly label: string;
  /** File and JSON pointer of the scope: `tenants/acme.yaml#/sites/berlin`. */
  readonly where: string;
  readonly settings: ScopeSettings;
}

/** One token of a JSON pointer (RFC 6901, section 3). */
export function pointerToken(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The value of an own key: a device called `constructor` or `__proto__` must not find what objects inherit. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

function isInGroup({ devices, match }: GroupPolicy, device: Device): boolean {
  return isMember(devices, device.id) || (match !== undefined && matchesDevice(match, device));
}

/** The groups that the device is in, in the order that the tenant lists them. */
export function groupsOf(tenant: TenantPolicy | undefined, device: Device): readonly GroupPolicy[] {
  return tenant?.groups.filter((group) => isInGroup(group, device)) ?? [];
}

/**
 * The scopes that speak about one product on one device, nearest first: device, groups in the order the tenant
 * lists them, site, tenant, fleet. Each level appears twice when it speaks of the product by name: that is nearer.
 */
export function scopesOf(
  policy: ProductPolicy,
  tenant: TenantPolicy | undefined,
  device: Device,
  groups: readonly GroupPolicy[] = groupsOf(tenant, device),
): readonly Scope[] {
  const scopes: Scope[] = [];
  const add = (label: string, where: string, scope: ScopePolicy | undefined): void => {
    if (scope === undefined) return;
    const forProduct = own(scope.products, policy.product);
    if (forProduct !== undefined) {
      scopes.push({
        label,
        where: `${where}/products/${pointerToken(policy.product)}`,
        settings: forProduct,
      });
    }
    scopes.push({ label, where, settings: scope });
  };

  if (tenant !== undefined) {
    const file = `tenants/${tenant.tenant}.yaml#`;
    add(`device ${device.id}`, `${file}/devices/${pointerToken(device.id)}`, own(tenant.devices, device.id));
    for (const group of groups) {
      add(`group ${tenant.tenant}/${group.name}`, `${file}/groups/${pointerToken(group.name)}`, group);
    }
    if (device.site !== undefined) {
      const site = own(tenant.sites, device.site);
      add(`site ${tenant.tenant}/${device.site}`, `${file}/sites/${pointerToken(device.site)}`, site);
    }
    add(`tenant ${tenant.tenant}`, file, tenant);
  }
  scopes.push({ label: "fleet", where: "fleet.yaml#", settings: policy.fleet });
  return scopes;
}

/** The nearest scope that says `key`, with what it says. */
export function nearest<K extends keyof ScopeSettings>(
  scopes: readonly Scope[],
  key: K,
): { readonly scope: Scope; readonly value: NonNullable<ScopeSettings[K]> } | undefined {
  for (const scope of scopes) {
    const value = scope.settings[key];
    if (value !== undefined) return { scope, value: value as NonNullable<ScopeSettings[K]> };
  }
  return undefined;
}

/** The pause that holds for the device at `now`; of several, that of the widest scope. */
export function pauseOf(
  policy: ProductPolicy,
  channel: string | undefined,
  scopes: readonly Scope[],
  now: number,
): { readonly label: string; readonly where: string; readonly pause: Pause } | undefined {
  const levels: { label: string; where: string; pause: Pause | undefined }[] = [];
  for (const { label, where, settings } of scopes.toReversed()) {
    levels.push({ label, where: `${where}/paused`, pause: settings.paused });
  }
  const productDirectory = `products/${policy.product}`;
  const channelPolicy = channel === undefined ? undefined : own(policy.channels, channel);
  levels.splice(
    1,
    0,
    {
      label: `product ${policy.product}`,
      where: `${productDirectory}/product.yaml#/paused`,
      pause: policy.paused,
    },
    {
      label: `channel ${policy.product}/${channel}`,
      where: `${productDirectory}/channels/${channel}.yaml#/paused`,
      pause: channelPolicy?.paused,
    },
  );
  for (const { label, where, pause } of levels) {
    if (pause !== undefined && holds(pause, now)) return { label, where, pause };
  }
  return undefined;
}

/** A time that cannot be compared is no end. */
function holds({ until }: Pause, now: number): boolean {
  return until === undefined || !(now >= until);
}
