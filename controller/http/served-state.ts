import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { ServedManifest } from "./served-manifest.ts";

/** All that the server can see of the controller. */
export interface ServedState {
  /** The last good manifest; absent before the first one. */
  readonly serving: ServedManifest | undefined;
  /** How the last reconcile ended; absent before the first one has. */
  readonly outcome: ReconcileOutcome | undefined;
}
