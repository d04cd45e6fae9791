import { HttpSignatureError } from "../../protocol/http-signatures/http-signature-error.ts";
import { quote } from "../../protocol/printable.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { object, optional, parseJson, text } from "../../protocol/read-json.ts";
import type { RootRole } from "../../protocol/tuf/roles.ts";
import { apiUrl } from "../config/agent-config.ts";
import type { DeviceSigner } from "../config/device-key.ts";
import { httpPost } from "../fetch/http-post.ts";
import { CheckInError } from "./check-in-error.ts";
import { signDeviceRequest } from "./sign-request.ts";
import { requireAnswerTo } from "./verify-answer.ts";

/** Milliseconds for one exchange. */
const TIMEOUT = 30_000;

/** The controller that a device talks to. */
export interface Controller {
  /** Ends in `/`. */
  readonly server: string;
  /** The trusted root, which names the online key. */
  readonly root: RootRole;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

export interface Question {
  /** Below `api/v1/`. */
  readonly path: string;
  /** Made anew for each try. */
  readonly body: () => object;
  readonly mostBytes: number;
  /** SHA-256 of the repository's first root; absent in an enrolment. */
  readonly repository?: string;
}

export interface Answer {
  readonly status: number;
  readonly bytes: Buffer;
  readonly retryAfter?: number;
  /** Why its signature is not believed; `undefined`: the online key signed it for this device and this very request. */
  readonly distrust: HttpSignatureError | undefined;
}

/**
 * Sends one signed request. Whatever the status is, it is returned.
 *
 * @throws FetchError
 */
export async function askController(
  { server, root, now, signal }: Controller,
  signer: DeviceSigner,
  { path, body, mostBytes, repository }: Question,
): Promise<Answer> {
  const url = new URL(path, apiUrl(server));
  const prepare = () => {
    const content = { type: "application/json", bytes: Buffer.from(JSON.stringify(body())) };
    const request = { method: "POST", url, content, ...(repository === undefined ? {} : { repository }) };
    const signed = signDeviceRequest(signer, request, now());
    return { signed, headers: onlyTexts(signed.message.fields), body: content.bytes };
  };
  const answer = await httpPost(url, prepare, { timeout: TIMEOUT, maxBytes: mostBytes, signal });
  const { sent, status, fields, bytes, retryAfter } = answer;
  return {
    ...{
      status,
      bytes,
      distrust: distrustOf(() => requireAnswerTo(sent.signed, { status, fields }, bytes, root)),
    },
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

function distrustOf(check: () => void): HttpSignatureError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof HttpSignatureError) return error;
    throw error;
  }
}

function onlyTexts(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}

/** What an answer that is an error says of itself (RFC 9457). */
export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly help?: string;
}

const words = text({ max: 4000 });
const readProblem = object({ code: text({ max: 64 }), detail: words, help: optional(words) }, "ignore");

/** @returns `undefined` for a body that is no problem of Fairlead, such as the page of a proxy */
export function problemOf({ bytes }: Answer): Problem | undefined {
  try {
    return readProblem(parseJson(bytes, bytes.length), "");
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** An answer that is neither what was asked for nor understood otherwise. */
export function refusedBy(answer: Answer): CheckInError {
  const { status, retryAfter } = answer;
  const problem = problemOf(answer);
  const said =
    problem === undefined
      ? `the controller answered with status ${status}`
      : `the controller says ${quote(problem.code)}: ${problem.detail}`;
  const refuse = (code: CheckInError["code"]): CheckInError => new CheckInError(code, said, { retryAfter });
  switch (problem?.code) {
    case "signature/stale":
    case "signature/created-ahead":
      return refuse("check-in/bad-clock");
    case "signature/unknown-key":
    case "signature/not-verified":
      return refuse("check-in/not-known");
  }
  if (problem !== undefined && /^fleet\/.*\btoken\b/.test(problem.code)) return refuse("check-in/bad-token");
  switch (status) {
    case 404:
    case 405:
    case 501:
      return refuse(problem?.code.startsWith("fleet/") === true ? "check-in/refused" : "check-in/not-there");
    case 408:
    case 429:
      return refuse("check-in/unavailable");
  }
  if (status >= 500) return refuse("check-in/unavailable");
  const help = problem?.help;
  return new CheckInError("check-in/refused", said, { retryAfter, ...(help === undefined ? {} : { help }) });
}

/** Reads an answer; one that cannot be read is a problem of its own. */
export function understood<T>(answer: Answer, read: (bytes: Uint8Array) => T): T {
  try {
    return read(answer.bytes);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new CheckInError("check-in/bad-answer", `the controller's answer: ${error.message}`, {
      cause: error,
    });
  }
}

/** @throws CheckInError `check-in/unsigned` where an answer is not believed that must be */
export function requireSigned({ distrust }: Answer, what: string): void {
  if (distrust === undefined) return;
  throw new CheckInError("check-in/unsigned", `${what} is not believed: ${distrust.message}`, {
    cause: distrust,
  });
}
