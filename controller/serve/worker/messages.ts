/**
 * All that the serving thread and the reconciling thread say to each other. Both sides import the types, so that a
 * message which one does not know is an error of the compiler.
 */
import { DomainError } from "../../../protocol/domain-error.ts";
import { PROTOCOL_ERRORS, ProtocolError } from "../../../protocol/protocol-error.ts";
import type { GateChecks } from "../../desired/gate-checks.ts";
import type { Overlay } from "../../desired/overlay.ts";
import { SYSTEM_ERRORS, SystemError, toSystemError } from "../../files/system-error.ts";
import type { FileBatch, ManifestHead } from "../../http/manifest/manifest-change.ts";
import { KEYS_ERRORS, KeyError } from "../../keys/key-error.ts";
import { PUBLISH_ERRORS, PublishError } from "../../publish/publish-error.ts";
import type { ReportedReconcile, ReportedSigning } from "../../reconcile/report.ts";
import { SOURCE_ERRORS, SourceError } from "../../source/source-error.ts";
import type { ReconcilingOptions } from "../controller-options.ts";
import { SERVE_ERRORS, ServeError } from "../serve-error.ts";

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
  /** End, as soon as what is under way lets you. */
  | { readonly kind: "stop" };

export type FromWorker =
  /** New files of a manifest to come; answered by `taken`. */
  | { readonly kind: "files"; readonly batch: FileBatch }
  /** The manifest that they belong to; answered by `taken` once it is served. */
  | { readonly kind: "switch"; readonly head: ManifestHead }
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
  /** A process of the worker (git, or what checks signatures) started or ended: should the worker die, it has to be ended by somebody else. */
  | { readonly kind: "process"; readonly pid: number; readonly isRunning: boolean };

/** An error as plain data. Threads copy objects without their class, and with it goes what the code decides. */
export type SentError =
  | { readonly kind: "domain"; readonly code: string; readonly message: string; readonly help?: string }
  | { readonly kind: "defect"; readonly message: string; readonly stack?: string };

export function sendError(error: unknown): SentError {
  const known = error instanceof DomainError ? error : toSystemError(error);
  if (known !== undefined) {
    const { code, message, help } = known as DomainError<string>;
    return { kind: "domain", code, message, ...(help === undefined ? {} : { help }) };
  }
  if (!(error instanceof Error)) return { kind: "defect", message: String(error) };
  const { message, stack } = error;
  return { kind: "defect", message, ...(stack === undefined ? {} : { stack }) };
}

/** The error again, of the class that its code belongs to. */
export function receiveError(sent: SentError): Error {
  switch (sent.kind) {
    case "domain":
      return domainError(sent);
    case "defect": {
      const error = new Error(sent.message);
      if (sent.stack !== undefined) error.stack = sent.stack;
      return error;
    }
  }
}

type SentDomainError = Extract<SentError, { kind: "domain" }>;

function domainError(sent: SentDomainError): DomainError<string> {
  for (const make of MAKERS) {
    const error = make(sent);
    if (error !== undefined) return error;
  }
  const { code, message, help } = sent;
  return new DomainError(code, message, help === undefined ? {} : { help });
}

/** The domains whose errors a worker meets. */
const MAKERS = [
  makerOf(SOURCE_ERRORS, SourceError),
  makerOf(PUBLISH_ERRORS, PublishError),
  makerOf(KEYS_ERRORS, KeyError),
  makerOf(SYSTEM_ERRORS, SystemError),
  makerOf(SERVE_ERRORS, ServeError),
  makerOf(PROTOCOL_ERRORS, ProtocolError),
];

function makerOf<Code extends string>(
  table: Readonly<Record<Code, unknown>>,
  Kind: new (code: Code, message: string, options: { help?: string }) => DomainError<Code>,
): (sent: SentDomainError) => DomainError<Code> | undefined {
  const isCode = (code: string): code is Code => Object.hasOwn(table, code);
  return ({ code, message, help }) =>
    isCode(code) ? new Kind(code, message, help === undefined ? {} : { help }) : undefined;
}
