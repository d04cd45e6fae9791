import { createHash } from "node:crypto";
import { ProtocolError } from "./protocol-error.ts";

/**
 * Names inside the signed manifest, the same on both sides.
 *
 * Role names carry a prefix, so that no product can be called like a top-level role or like an integer (JSON
 * objects reorder integer keys). Delegation patterns use one `*` a segment (TUF 1.0, section 4.5): `**` is not
 * recursive in any client.
 */

const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** Whether `text` can name a product, channel, tenant, site or group. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

function requireName(text: string): string {
  if (!isName(text)) {
    throw new ProtocolError("bad-name", `expected lower-case letters, digits and dashes, got \`${text}\``);
  }
  return text;
}

/** The delegated role that lists the artifacts of one product. */
export function releaseRoleName(product: string): string {
  return `releases-${requireName(product)}`;
}

export function releasePathPattern(product: string): string {
  return `releases/${requireName(product)}/*/*/*`;
}

/** The delegated role that the online key signs. */
export const POLICY_ROLE = "policy";
export const POLICY_PATH_PATTERN = "policy/*/*";

export function productPolicyPath(product: string): string {
  return `policy/product/${requireName(product)}.json`;
}

/**
 * Where a tenant's policy is published. The name is a hash of the tenant's key, which the controller derives from
 * a secret of its own and hands out at enrolment: who has no key of that tenant can't tell which one it is.
 *
 * @param tenantKey 64 hexadecimal digits
 */
export function tenantPolicyPath(tenantKey: string): string {
  const name = createHash("sha256").update(`fairlead-tenant-policy\0${tenantKey}`).digest("hex");
  return `policy/tenant/${name}.json`;
}

/** `releases/<product>/<version>/<platform>/<file>` */
export function releaseTargetPath(product: string, version: string, platform: string, file: string): string {
  for (const segment of [version, platform, file]) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(segment)) {
      throw new ProtocolError("bad-name", `\`${segment}\` cannot be part of a target path`);
    }
  }
  return `releases/${requireName(product)}/${version}/${platform}/${file}`;
}
