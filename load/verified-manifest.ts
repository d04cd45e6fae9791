import { fetchBytes } from "../agent/fetch/fetch-bytes.ts";
import { TrustedRepository } from "../agent/trust/trusted-repository.ts";
import type { ProductPolicy, TenantPolicy } from "../protocol/policy.ts";
import type { Releases } from "../protocol/release.ts";
import { PRODUCT } from "./fleet-state.ts";

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
  /** Tenants' names and keys, as enrolment gave them. */
  private readonly tenants = new Map<string, string>();
  private known: Manifest | undefined;
  private underWay: Promise<Manifest> | undefined;

  constructor(url: string, directory: string, root: Buffer) {
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
    this.tenants.set(name, key);
  }

  /** One that is at least as new as the given version of the timestamp role. */
  async atLeast(version: number): Promise<Manifest> {
    if (this.known !== undefined && this.known.version >= version) return this.known;
    this.underWay ??= this.refresh().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  private async refresh(): Promise<Manifest> {
    const { version } = await this.repository.refresh();
    const [policy, releases] = await Promise.all([
      this.repository.productPolicy(PRODUCT),
      this.repository.releases(PRODUCT),
    ]);
    const tenants = new Map<string, TenantPolicy>();
    for (const [name, key] of this.tenants) {
      tenants.set(name, await this.repository.tenantPolicy({ name, key }));
    }
    this.known = { version, policy, releases, tenants };
    return this.known;
  }
}
