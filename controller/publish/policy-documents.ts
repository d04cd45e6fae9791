import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { productPolicyPath, tenantPolicyPath } from "../../protocol/manifest-names.ts";
import type { ProductPolicy, TenantPolicy } from "../../protocol/policy.ts";
import type { DesiredPolicies } from "../desired/desired-policies.ts";

interface PolicyDocument {
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * Writes policies as the documents that are signed. A policy object that was written before gives the same buffer
 * again, so that what is computed from a buffer (its digest, its place in the store) can be cached by identity.
 */
export class PolicyDocuments {
  private readonly tenantKey: (tenant: string) => string;
  private readonly written = new KeptByIdentity<ProductPolicy | TenantPolicy, PolicyDocument>();

  /** @param tenantKey the secret of a tenant, 64 hexadecimal digits: names its policy, and its agents get it at enrolment */
  constructor(tenantKey: (tenant: string) => string) {
    this.tenantKey = tenantKey;
  }

  /** The documents by target path. */
  write({ products, tenants }: DesiredPolicies): Map<string, Buffer> {
    const documents = new Map<string, Buffer>();
    for (const policies of [products, tenants]) {
      for (const policy of policies.values()) {
        const { path, bytes } = this.written.of(policy, (unwritten) => this.documentOf(unwritten));
        documents.set(path, bytes);
      }
    }
    return documents;
  }

  private documentOf(policy: ProductPolicy | TenantPolicy): PolicyDocument {
    const path =
      policy.kind === "product"
        ? productPolicyPath(policy.product)
        : tenantPolicyPath(this.tenantKey(policy.tenant));
    return { path, bytes: Buffer.from(JSON.stringify(policy), "utf8") };
  }
}
