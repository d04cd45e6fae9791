import type { ProductPolicy, TenantPolicy } from "../../protocol/policy.ts";
import type { Releases } from "../../protocol/release.ts";

/** What a check-in is judged by: the manifest that agents are served at this moment. */
export interface ServedPolicy {
  /** SHA-256 of its first root, hexadecimal: which manifest repository a device means. */
  readonly repository: string;
  /** Version of the timestamp role. */
  readonly version: number;
  readonly products: Lookup<{ readonly policy: ProductPolicy; readonly releases: Releases }>;
  readonly tenants: Lookup<TenantPolicy>;
  /**
   * What was served before, newest first, as far as it is remembered: devices act a while by what they verified last. Each
   * differs from the one after it; the version is that under which it was signed last.
   */
  readonly earlier: readonly Omit<ServedPolicy, "earlier">[];
}

interface Lookup<Value> {
  get(name: string): Value | undefined;
}

/** Policies that are remembered beside the one that is served. */
const REMEMBERED = 16;

/**
 * The policy that is served from now on, with those before it. A manifest that was only signed anew, as each one is many
 * times a day, takes no other's place.
 */
export function rememberPolicy(
  next: Omit<ServedPolicy, "earlier">,
  before: ServedPolicy | undefined,
): ServedPolicy {
  if (before === undefined) return { ...next, earlier: [] };
  const { earlier, ...last } = before;
  if (last.products === next.products) return { ...next, earlier };
  return { ...next, earlier: [last, ...earlier].slice(0, REMEMBERED) };
}
