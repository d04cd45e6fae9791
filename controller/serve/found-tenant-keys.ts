import { KeyError } from "../keys/key-error.ts";
import { findTenantKeys, type TenantKeys } from "../keys/naming-secret.ts";

/**
 * The keys of tenants for the thread that serves. The naming secret is the worker's, which alone may make it; here it is
 * read once it is there, and read again when another manifest is served.
 */
export class FoundTenantKeys {
  private readonly stateFolder: string;
  private keys: TenantKeys | undefined;

  constructor(stateFolder: string) {
    this.stateFolder = stateFolder;
  }

  /** @throws KeyError where the secret is missing, or is none */
  of(tenant: string): string {
    this.keys ??= findTenantKeys(this.stateFolder);
    return this.keys(tenant);
  }

  /** The same; `undefined` where the secret is missing, or is none: the worker says so where it needs one. */
  find(tenant: string): string | undefined {
    try {
      return this.of(tenant);
    } catch (error) {
      if (error instanceof KeyError) return undefined;
      throw error;
    }
  }

  forget(): void {
    this.keys = undefined;
  }
}
