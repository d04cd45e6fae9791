import type { AttemptOutcome, AttemptStep } from "../protocol/check-in/attempt.ts";
import type { FailureCause } from "../protocol/gate/failure-causes.ts";
import type { ChannelPolicy } from "../protocol/policy.ts";
import type { Facts } from "../protocol/requirements.ts";
import type { Traffic } from "./traffic.ts";
import type { VerifiedManifest } from "./verified-manifest.ts";

/** Seconds between two polls of a real fleet: what the code of agents computes with. */
export const MODEL_INTERVAL = 300;

/** What a simulated machine is. */
export interface Machine {
  /** `linux-x64`, `darwin-arm64`, ... */
  readonly platform: string;
  readonly facts: Facts;
}

/** How an installation ends on a machine. */
export type Ending =
  | { readonly kind: "confirmed" }
  | {
      readonly kind: "failed";
      readonly cause: FailureCause;
      readonly code: string;
      readonly message: string;
      /** What the program said, as an agent sends it along. */
      readonly log?: string;
      readonly step: AttemptStep;
      readonly outcome: Exclude<AttemptOutcome, "confirmed">;
    }
  /** Nothing is heard of the machine any more. */
  | { readonly kind: "vanished" };

/** Who a machine is that takes a version. */
export interface Taker extends Machine {
  readonly id: string;
}

/** What all machines of one process share. */
export interface World {
  /** The one product that they run. */
  readonly product: string;
  /** Seconds between two polls: all that a real fleet does in `MODEL_INTERVAL` happens in this time. */
  readonly interval: number;
  readonly url: string;
  /** SHA-256 of the first root. */
  readonly repository: string;
  readonly traffic: Traffic;
  readonly manifest: VerifiedManifest;
  readonly signal: AbortSignal;
  readonly endingOf: (version: string, taker: Taker) => Ending;
  readonly watch: Watch;
}

/** Is told what machines do. */
export interface Watch {
  /** It begins to install. @param channel by which it has the version; absent: a pin names it */
  begins(device: string, version: string, channel: ChannelPolicy | undefined): void;
  confirms(device: string, version: string): void;
  /** The controller has taken a check-in, and these attempts. */
  takes(
    device: string,
    attempts: readonly { readonly id: string; readonly to: string; readonly ok: boolean }[],
  ): void;
  /** The controller did not take a check-in. @param code of the problem, where the answer has one */
  refuses(device: string, status: number, code: string | undefined): void;
}
