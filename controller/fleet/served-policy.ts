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
  /** What was served before, newest first, as far as it is remembered: devices act a while by what they verified last. */
  readonly earlier: readonly Omit<ServedPolicy, "earlier">[];
}

interface Lookup<Value> {
  get(name: string): Value | undefined;
}
