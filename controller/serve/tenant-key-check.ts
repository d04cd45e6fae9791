import { timingSafeEqual } from "node:crypto";

/**
 * Whether a text is the key of a tenant. It is made for any name and compared in constant time, so that neither the
 * answer nor the time taken tells whether there is such a tenant.
 *
 * @param tenantKey a tenant's name to its key, 64 hexadecimal digits
 */
export function isRightTenantKey(
  tenantKey: (tenant: string) => string,
): (tenant: string, given: string) => boolean {
  return (tenant, given) => {
    const right = Buffer.from(tenantKey(tenant), "hex");
    const isKey = /^[0-9a-f]{64}$/i.test(given);
    const compared = isKey ? Buffer.from(given, "hex") : Buffer.alloc(right.length);
    return timingSafeEqual(compared, right) && isKey;
  };
}
