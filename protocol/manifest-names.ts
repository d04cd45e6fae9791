import { createHash } from "node:crypto";
import { quote } from "./printable.ts";
import { ProtocolError } from "./protocol-error.ts";

/**
 * Names inside the signed manifest, the same on both sides.
 *
 * Role names carry a prefix, so that no product can be called like a top-level role or like an integer (JSON
 * objects reorder integer keys). Delegation patterns use one `*` for each path segment (TUF 1.0, section 4.5), since
 * no client reads `**` as recursive.
 */

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
const LABEL_VALUE = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const CHANNEL_NAME = /^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*$/;

/** Whether `text` can name a product, tenant, site or group. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Whether `text` can be the value of a device's label. Its name is one of `isName`. */
export function isLabelValue(text: string): boolean {
  return LABEL_VALUE.test(text);
}

/** Whether `text` can name a channel: as a name, with dots inside (`stable-4.14`). */
export function isChannelName(text: string): boolean {
  return text.length <= 63 && CHANNEL_NAME.test(text);
}

function requireName(text: string): string {
  if (!isName(text)) {
    throw new ProtocolError(
      "protocol/bad-name",
      `expected lower-case letters, digits and dashes, got ${quote(text)}`,
    );
  }
  return text;
}

const RELEASES = "releases-";

/** The delegated role that lists the artifacts of one product. */
export function releaseRoleName(product: string): string {
  return `${RELEASES}${requireName(product)}`;
}

/** The product whose artifacts a role lists, by its name; `undefined` for a role of another kind. */
export function releaseRoleProduct(role: string): string | undefined {
  const product = role.startsWith(RELEASES) ? role.slice(RELEASES.length) : "";
  return isName(product) ? product : undefined;
}

export function releasePathPattern(product: string): string {
  return `releases/${requireName(product)}/*/*/*`;
}

/** The delegated role that the online key signs. */
export const POLICY_ROLE = "policy";
export const POLICY_PATH_PATTERN = "policy/*/*";

/**
 * The role that lists the tenants whose policies are called like `policy/tenant/<prefix>...`. A large fleet has a bin
 * for each hexadecimal digit (`policy-a`), a larger one also for each two (`policy-a3`): a role that listed
 * everybody would be signed, fetched and parsed whole whenever one tenant changes.
 */
export function tenantBinRole(prefix: string): string {
  return `${POLICY_ROLE}-${prefix}`;
}

export function tenantBinPattern(prefix: string): string {
  return `policy/tenant/${prefix}*`;
}

const TENANT_FOLDER = "policy/tenant/";

/** Whether a role is `policy` or a bin of tenants. */
export function isPolicyRole(role: string): boolean {
  return /^policy(-[0-9a-f]{1,2})?$/.test(role);
}

/** First hexadecimal digits of the name of a tenant's policy; `undefined` for another document. */
export function tenantBinPrefix(policyPath: string, digits: number): string | undefined {
  if (!policyPath.startsWith(TENANT_FOLDER)) return undefined;
  const prefix = policyPath.slice(TENANT_FOLDER.length, TENANT_FOLDER.length + digits);
  return prefix.length === digits && /^[0-9a-f]*$/.test(prefix) ? prefix : undefined;
}

/**
 * The roles that may list a policy document, each delegated by the one before it: `policy` for a product's document,
 * and for a tenant's `policy` or one of the bins of its name. What any other role says about it does not count.
 */
export function policyRoles(policyPath: string): readonly string[] {
  const bins = [1, 2].flatMap((digits) => tenantBinPrefix(policyPath, digits) ?? []);
  return [POLICY_ROLE, ...bins.map(tenantBinRole)];
}

export function productPolicyPath(product: string): string {
  return `policy/product/${requireName(product)}.json`;
}

/** Whether `productPolicyPath` gives this path for some product. */
export function isProductPolicyPath(path: string): boolean {
  return path.startsWith("policy/product/");
}

/**
 * Where a tenant's policy is published. The name is a hash of the tenant's key, which the controller derives from
 * a secret of its own and hands out at enrolment: without that key nobody can tell whose document it is.
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
      throw new ProtocolError("protocol/bad-name", `${quote(segment)} cannot be part of a target path`);
    }
  }
  return `releases/${requireName(product)}/${version}/${platform}/${file}`;
}

/** The path of a file beside a target: where a delta of an artifact is served. */
export function siblingTarget(target: string, file: string): string {
  return `${target.slice(0, target.lastIndexOf("/") + 1)}${file}`;
}
