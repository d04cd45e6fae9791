import type { Decision } from "../../protocol/decision.ts";
import type { Build } from "../installation/build.ts";

/** What is installed, and what is to be. */
export interface Change {
  readonly product: string;
  /** `null`: nothing was installed. */
  readonly from: string | null;
  readonly to: string;
}

/** Every event of an `Updater`, with what its listeners are given. Times are seconds since 1970. */
export interface UpdaterEvents {
  /** The manifest was brought up to date; its version. */
  checked: [{ readonly manifest: number | undefined }];
  decided: [{ readonly product: string; readonly installed: string | null; readonly decision: Decision }];
  downloading: [{ readonly product: string; readonly received: number; readonly size: number }];
  /** It is ready and has proven itself; the swap comes next. */
  staged: [Change];
  /** Somebody wants it later: it is asked for again at `until`, and installed at `deadline` at the latest. */
  deferred: [Change & { readonly until: number; readonly deadline: number }];
  swapping: [Change];
  confirmed: [Change];
  "rolled-back": [Change & { readonly reason: string }];
  /** A look, an installation or a check-in came to nothing. What was installed runs on. */
  failed: [{ readonly product?: string; readonly error: Error }];
}

/** What a host is asked before a swap. */
export interface Offer extends Change {
  readonly build: Build;
  /** Second at which it is installed without asking again. */
  readonly deadline: number;
}

/** The host's answer: now, or not before a second since 1970. */
export type Consent = "now" | { readonly postponeUntil: number };
