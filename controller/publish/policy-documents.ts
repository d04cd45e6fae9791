import { productPolicyPath, tenantPolicyPath } from "../../protocol/manifest-names.ts";
import type { ProductPolicy, TenantPolicy } from "../../protocol/policy.ts";
import { type DesiredPolicies, TenantPolicies } from "../desired/desired-policies.ts";
import { sharedText } from "../files/shared-bytes.ts";
import { ChunkedMap, changedEntries } from "../state/chunked-map.ts";

const NOTHING: DesiredPolicies = { products: new Map(), tenants: TenantPolicies.NONE };

/**
 * Writes policies as the documents that are signed. Only what differs from the policies of the call before is written;
 * every other document is the same buffer again, so that what is computed from a buffer (its digest, its place in the
 * store) can be kept by identity.
 */
export class PolicyDocuments {
  private readonly tenantKey: (tenant: string) => string;
  private last: { readonly policies: DesiredPolicies; readonly documents: ChunkedMap<Buffer> } = {
    policies: NOTHING,
    documents: ChunkedMap.empty(),
  };

  /** @param tenantKey the secret of a tenant, 64 hexadecimal digits: names its policy, and its agents get it at enrolment */
  constructor(tenantKey: (tenant: string) => string) {
    this.tenantKey = tenantKey;
  }

  /**
   * The documents by target path.
   *
   * @param published what is served: what says the same is that very buffer, which other threads hold already
   */
  write(policies: DesiredPolicies, published?: ReadonlyMap<string, Buffer>): ChunkedMap<Buffer> {
    const { last } = this;
    const changes = new Map<string, Buffer | undefined>();
    for (const [product, , policy] of changedEntries(last.policies.products, policies.products)) {
      const path = productPolicyPath(product);
      changes.set(path, written(policy, published?.get(path)));
    }
    for (const [tenant, policy] of policies.tenants.changedSince(last.policies.tenants)) {
      const path = tenantPolicyPath(this.tenantKey(tenant));
      changes.set(path, written(policy, published?.get(path)));
    }
    const documents = last.documents.with(changes);
    this.last = { policies, documents };
    return documents;
  }
}

/** The documents of a manifest with other ones of these products. Every other is the same buffer again. */
export function replaceDocuments(
  documents: ReadonlyMap<string, Buffer>,
  products: readonly ProductPolicy[],
): ChunkedMap<Buffer> {
  const all = documents instanceof ChunkedMap ? documents : ChunkedMap.of(documents);
  return all.with(new Map(products.map((policy) => [productPolicyPath(policy.product), written(policy)])));
}

function written(policy: ProductPolicy | TenantPolicy | undefined, published?: Buffer): Buffer | undefined {
  if (policy === undefined) return undefined;
  const text = JSON.stringify(policy);
  return published?.toString("utf8") === text ? published : sharedText(text);
}
