import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { AllowedSigners } from "../source/verify-signature.ts";
import type { FollowedSourceOptions } from "./followed-source.ts";

/** What the worker is told that reconciles. It is sent there, so it is plain data. */
export interface ReconcilingOptions {
  readonly source: FollowedSourceOptions;
  readonly stateFolder: string;
  readonly devKeys: boolean;
  readonly onlineKeyFile: string | undefined;
  /** Only commits that one of them signed are served; absent: any commit is. */
  readonly signers: AllowedSigners | undefined;
}

/** Everything that a running controller can be told. */
export interface ControllerOptions extends ReconcilingOptions {
  /** Folder of the hosted artifacts, absolute. */
  readonly artifacts: string | undefined;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly webhookSecret: string | undefined;
  readonly trustProxy: readonly string[] | undefined;
  /** Version of the program. */
  readonly version: string;
  /** Most MiB of memory for the thread that reconciles; absent: by what the machine has. */
  readonly workerMemory?: number;
  /** Another program for that thread; for tests. */
  readonly workerEntry?: URL;
  /** Told how each reconcile ended, besides the log. */
  readonly onOutcome?: (outcome: ReconcileOutcome) => void;
}
