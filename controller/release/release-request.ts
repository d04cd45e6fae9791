import type { Severity } from "../../protocol/release.ts";
import type { KeysAtHand } from "../keys/keys-at-hand.ts";
import type { RequiredFact } from "./required-facts.ts";

/** What a delta is made from: an earlier version, or a file for one platform, which may be left out where there is one. */
export interface DeltaOrigin {
  readonly platform?: string;
  readonly from: string;
}

/** A file to release for one platform. */
export interface ArtifactRequest {
  /** `linux-x64` */
  readonly platform: string;
  /** Path on this machine. */
  readonly file: string;
}

export interface ReleaseRequest {
  /** The state root in the work tree. */
  readonly root: string;
  readonly product: string;
  readonly version: string;
  readonly artifacts: readonly ArtifactRequest[];
  /** Where the files are downloaded from; absent: they are copied into the state root and hosted. */
  readonly urlBase?: string;
  /** The repository that has the packages among the files: machines fetch those from there. */
  readonly repository?: string;
  readonly releaseNotes?: string;
  readonly severity?: Severity;
  readonly upgradeFrom?: string;
  readonly rollbackTo?: string;
  /** Everybody older passes through it. */
  readonly barrier?: { readonly reason?: string };
  /** No way leads up from it. */
  readonly deadEnd?: { readonly reason: string; readonly url?: string };
  /** What takes the place of what the files say that they require. */
  readonly requires?: readonly RequiredFact[];
  /** Release also files that are not for their platform. */
  readonly allowMismatch?: boolean;
  /** Deltas are made from these: paths of earlier files, or earlier versions whose files are hosted. */
  readonly deltaFrom?: readonly DeltaOrigin[];
  /** Where the release key is; needed where the state has a `trust/` folder. */
  readonly keys: KeysAtHand;
  /** Seconds since 1970. */
  readonly now: number;
}
