import type { SignatureRequirement } from "../reconcile/judge-signatures.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { FollowedSourceOptions } from "./followed-source.ts";

/** Everything that a running controller can be told. */
export interface ControllerOptions {
  readonly source: FollowedSourceOptions;
  readonly stateFolder: string;
  /** Folder of the hosted artifacts, absolute. */
  readonly artifacts: string | undefined;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly devKeys: boolean;
  readonly onlineKeyFile: string | undefined;
  /** Only commits that one of them signed are served; absent: any commit is. */
  readonly signers: SignatureRequirement | undefined;
  readonly webhookSecret: string | undefined;
  readonly trustProxy: readonly string[] | undefined;
  /** Version of the program. */
  readonly version: string;
  /** Told how each reconcile ended, besides the log. */
  readonly onOutcome?: (outcome: ReconcileOutcome) => void;
}
