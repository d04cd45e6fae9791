import { fetchBytes } from "../agent/fetch/fetch-bytes.ts";
import { openKey } from "../agent/trust/open-key.ts";
import { TrustError } from "../agent/trust/trust-error.ts";
import { TrustedRepository } from "../agent/trust/trusted-repository.ts";
import type { ProductPolicy, TenantPolicy } from "../protocol/policy.ts";
import type { Releases } from "../protocol/release.ts";
import type { OpenedKey } from "../protocol/tuf/require-threshold.ts";

/** A manifest as an agent has verified it. */
export interface Manifest {
  readonly version: number;
  readonly policy: ProductPolicy;
  readonly releases: Releases;
  readonly tenants: ReadonlyMap<string, TenantPolicy>;
}

/** Verifies each manifest once for all devices of this process, by the agent's own code. */
export class VerifiedManifest {
  private readonly repository: TrustedRepository;
  private readonly product: string;
  /** Tenants' names and keys, as enrolment gave them. */
  private readonly tenants = new Map<string, string>();
  private known: Manifest | undefined;
  private underWay: Promise<Manifest> | undefined;

  /** @param directory where what was verified is kept @param root the first one, which is trusted */
  constructor(url: string, product: string, directory: string, root: Buffer) {
    this.product = product;
    this.repository = TrustedRepository.open({
      directory,
      metadataUrl: new URL("tuf/", `${url}/`),
      targetsUrl: new URL("targets/", `${url}/`),
      now: () => Math.floor(Date.now() / 1000),
      fetch: fetchBytes,
    });
    this.repository.init(root);
  }

  addTenant(name: string, key: string): void {
    if (this.tenants.get(name) === key) return;
    this.tenants.set(name, key);
    // What is known has nothing of that tenant.
    this.known = undefined;
  }

  /** One that is at least as new as the given version of the timestamp role. */
  async atLeast(version: number): Promise<Manifest> {
    if (this.known !== undefined && this.known.version >= version) return this.known;
    this.underWay ??= this.refresh().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  /** The online key, by which the controller signs what it asks of a device; `undefined` for another id. */
  onlineKey(keyid: string): OpenedKey | undefined {
    const { roles, keys } = this.repository.rootRole();
    const key = roles.timestamp.keyids.includes(keyid) ? keys[keyid] : undefined;
    return key === undefined ? undefined : openKey(key);
  }

  private async refresh(): Promise<Manifest> {
    const { version } = await this.repository.refresh();
    const [policy, releases] = await Promise.all([
      this.repository.productPolicy(this.product),
      this.repository.releases(this.product),
    ]);
    const tenants = new Map<string, TenantPolicy>();
    for (const [name, key] of this.tenants) {
      const ofTenant = await this.policyOf(name, key);
      if (ofTenant !== undefined) tenants.set(name, ofTenant);
    }
    this.known = { version, policy, releases, tenants };
    return this.known;
  }

  /** `undefined`: nothing is published for it any more, which is for its own devices to fail at. */
  private async policyOf(name: string, key: string): Promise<TenantPolicy | undefined> {
    try {
      return await this.repository.tenantPolicy({ name, key });
    } catch (error) {
      if (error instanceof TrustError) return undefined;
      throw error;
    }
  }
}
