import { DomainError } from "../../protocol/domain-error.ts";
import {
  HTTP_SIGNATURE_ERRORS,
  HttpSignatureError,
} from "../../protocol/http-signatures/http-signature-error.ts";
import { PROTOCOL_ERRORS, ProtocolError } from "../../protocol/protocol-error.ts";
import { SYSTEM_ERRORS, SystemError, toSystemError } from "../files/system-error.ts";
import { FLEET_ERRORS, FleetError } from "../fleet/fleet-error.ts";
import { STORE_ERRORS, StoreError } from "../fleet/store/store-error.ts";
import { KEYS_ERRORS, KeyError } from "../keys/key-error.ts";
import { PREVIEW_ERRORS, PreviewError } from "../preview/preview-error.ts";
import { PUBLISH_ERRORS, PublishError } from "../publish/publish-error.ts";
import { SOURCE_ERRORS, SourceError } from "../source/source-error.ts";
import { SERVE_ERRORS, ServeError } from "./serve-error.ts";

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
  makerOf(HTTP_SIGNATURE_ERRORS, HttpSignatureError),
  makerOf(FLEET_ERRORS, FleetError),
  makerOf(STORE_ERRORS, StoreError),
  makerOf(PREVIEW_ERRORS, PreviewError),
];

function makerOf<Code extends string>(
  table: Readonly<Record<Code, unknown>>,
  Kind: new (code: Code, message: string, options: { help?: string }) => DomainError<Code>,
): (sent: SentDomainError) => DomainError<Code> | undefined {
  const isCode = (code: string): code is Code => Object.hasOwn(table, code);
  return ({ code, message, help }) =>
    isCode(code) ? new Kind(code, message, help === undefined ? {} : { help }) : undefined;
}
