/**
 * All that the serving thread and the reconciling thread say to each other. Both sides import the types, so that a
 * message which one does not know is an error of the compiler.
 */
import type { GateChecks } from "../../desired/gate-checks.ts";
import type { Overlay } from "../../desired/overlay.ts";
import type { StandingProposal } from "../../desired/proposal.ts";
import type { StandingLines } from "../../desired/standing-lines.ts";
import type { ManifestStep } from "../../http/manifest/manifest-change.ts";
import type { ReportedReconcile, ReportedSigning } from "../../reconcile/report.ts";
import type { ReconcilingOptions } from "../controller-options.ts";
import type { SentError } from "../sent-error.ts";

/** What the worker is started with. */
export type WorkerInput = ReconcilingOptions;

export type ToWorker =
  /** Begin: the server listens. */
  | { readonly kind: "start" }
  /** Something may have changed. */
  | { readonly kind: "look" }
  /** What the fleet's store adds to policy, whole. Before `start`, so that nothing is published without it. */
  | { readonly kind: "overlays"; readonly overlays: readonly Overlay[] }
  /** What was sent has been taken in: send the next. */
  | { readonly kind: "taken" }
  /** The answer to `count-devices`; no counts: the fleet does not answer, or is off. */
  | { readonly kind: "devices-counted"; readonly id: number; readonly counts?: DeviceCountsByVersion }
  /** End, as soon as what is under way lets you. */
  | { readonly kind: "stop" };

/** Devices by product and version. */
export type DeviceCountsByVersion = ReadonlyMap<string, ReadonlyMap<string, number>>;

export type FromWorker =
  /** New files of a manifest to come, then the manifest that they belong to; each answered by `taken`. */
  | ManifestStep
  /** What an earlier run left cannot be used. */
  | { readonly kind: "store-damaged"; readonly error: SentError }
  /** Everything is open; it waits for `start`. What an earlier run left is served. */
  | { readonly kind: "ready" }
  /** It cannot begin, and ends. */
  | { readonly kind: "failed"; readonly error: SentError }
  | {
      readonly kind: "outcome";
      readonly reported: Omit<ReportedReconcile, "error">;
      readonly error?: SentError;
      readonly seconds: number;
    }
  | { readonly kind: "resigned"; readonly signed: ReportedSigning }
  | { readonly kind: "resign-failed"; readonly error: SentError }
  | { readonly kind: "overlaid"; readonly signed: ReportedSigning }
  /** What the state of the manifest to come asks of running versions; no part of what is signed. */
  | { readonly kind: "checks"; readonly checks: GateChecks }
  | { readonly kind: "overlay-failed"; readonly error: SentError }
  /** What a person may accept, or has accepted, could not be written down. */
  | { readonly kind: "settle-failed"; readonly error: SentError }
  /** How all proposals are that stand. */
  | { readonly kind: "proposals"; readonly standing: readonly StandingProposal[] }
  /** What git holds back and demands, and by which commits. */
  | { readonly kind: "lines"; readonly standing: StandingLines }
  /** How many devices run which version of these products? Answered by `devices-counted`. */
  | { readonly kind: "count-devices"; readonly id: number; readonly products: readonly string[] }
  /** A process of the worker (git, or what checks signatures) started or ended: should the worker die, it has to be ended by somebody else. */
  | { readonly kind: "process"; readonly pid: number; readonly isRunning: boolean };
