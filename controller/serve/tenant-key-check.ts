import { timingSafeEqual } from "node:crypto";
import { KeyError } from "../keys/key-error.ts";

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
    const right = keyOf(tenantKey, tenant);
    if (right === undefined) return false;
    const isKey = /^[0-9a-f]{64}$/i.test(given);
    const compared = isKey ? Buffer.from(given, "hex") : Buffer.alloc(right.length);
    return timingSafeEqual(compared, right) && isKey;
  };
}

/** `undefined` where the secret is missing that keys are made of: then there is none for any tenant, and a log says so. */
function keyOf(tenantKey: (tenant: string) => string, tenant: string): Buffer | undefined {
  try {
    return Buffer.from(tenantKey(tenant), "hex");
  } catch (error) {
    if (error instanceof KeyError) return undefined;
    throw error;
  }
}
