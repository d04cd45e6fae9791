import type { Attempt } from "../../protocol/check-in/attempt.ts";
import type { Facts } from "../../protocol/requirements.ts";
import type { InstallPlan, Journal } from "../life-cycle/journal.ts";
import type { TrustedRepository } from "../trust/trusted-repository.ts";

/** What the products of one machine share. */
export interface SharedParts {
  readonly repository: TrustedRepository;
  /** The same by the time of its last verification: only to tell what it said, and never to act on. */
  lastVerified(): TrustedRepository;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** A fraction in [0, 1). */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Told of every step of an installation, with the product's name. */
  readonly onState?: ((journal: Journal, product: string) => void) | undefined;
  /** Told of a download's bytes, with the product's name. */
  readonly onProgress?: ((received: number, size: number, product: string) => void) | undefined;
  /** Asked when a build is ready, right before the swap: as in `InstallContext`, with the product's name. */
  readonly beforeSwap?: ((plan: InstallPlan, product: string) => Promise<void>) | undefined;
  /** Told why a delta was of no use. */
  readonly onDeltaFailed?: ((problem: string) => void) | undefined;
  /** Seconds to wait for another updater that is at work on an installation; absent: not at all. */
  readonly patience?: number | undefined;
  deviceId(): string;
  /** What this machine is; the space is that at this path. */
  facts(installPath: string): Promise<Facts>;
  /** What keeps attempts for the controller. */
  spool(): Promise<{ add(attempt: Attempt): void }>;
}
