/**
 * All that the serving thread and the fleet's thread say to each other. Both sides import the types, so that a message
 * which one does not know is an error of the compiler.
 */

import type { GateChecks } from "../../desired/gate-checks.ts";
import type { Overlay } from "../../desired/overlay.ts";
import type { FleetEvent } from "../../fleet/fleet-event.ts";
import type { ManifestStep } from "../../http/manifest/manifest-change.ts";
import type { ReconcilingOptions } from "../controller-options.ts";
import type { SentError } from "../sent-error.ts";
import type { FleetCall } from "./fleet-calls.ts";
import type { RolloutNews } from "./rollout-news.ts";

/** What the thread is started with. */
export type FleetInput = Pick<ReconcilingOptions, "stateFolder" | "onlineKeyFile" | "devKeys">;

export type ToFleet =
  /** What agents are served, step by step; each is answered by `taken`. */
  | { readonly kind: "manifest"; readonly step: ManifestStep }
  /** What state asks of running versions. */
  | { readonly kind: "checks"; readonly checks: GateChecks }
  /** Answered by `answer` or `refusal` with the same number. */
  | {
      readonly kind: "call";
      readonly id: number;
      readonly call: FleetCall;
      readonly args: readonly unknown[];
    }
  /** End, once what is under way is on disk. */
  | { readonly kind: "stop" };

export type FromFleet =
  /** The database is open, and what it adds to policy has been told. */
  | { readonly kind: "ready" }
  /** It cannot begin, and ends. */
  | { readonly kind: "failed"; readonly error: SentError }
  /** A step of a manifest has been taken in: send the next. */
  | { readonly kind: "taken" }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "refusal"; readonly id: number; readonly error: SentError }
  /** What is to be added to policy from now on, all of it. */
  | { readonly kind: "overlays"; readonly overlays: readonly Overlay[] }
  | { readonly kind: "rollout"; readonly news: RolloutNews }
  /** For whoever watches, and for devices that something waits for. */
  | { readonly kind: "events"; readonly events: readonly FleetEvent[] }
  /** Something that a person should look at. */
  | { readonly kind: "warning"; readonly event: string; readonly message: string };
