import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { PROBLEM_TYPE } from "../../protocol/problem.ts";
import { HttpError, type HttpErrorCode } from "./http-error.ts";
import { LIMITS } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { problemOf, writeProblem } from "./problem.ts";

const BROKEN_REQUESTS: Readonly<Record<string, readonly [code: HttpErrorCode, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ["http/request-timeout", "the request did not arrive in time"],
  HPE_HEADER_OVERFLOW: ["http/headers-too-large", "the headers are larger than 8 KiB"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ["http/body-too-large", "the extensions of a chunk are too large"],
};

type BrokenRequest = Error & { readonly code?: string; readonly rawPacket?: unknown };

/** Answers what never became a request: too slow, too large, or not HTTP. */
export function answerBrokenRequest(error: BrokenRequest, socket: Duplex, metrics: Metrics): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const refusal = refusalOf(error);
  if (socket.writable) {
    socket.write(writeProblem(refusal));
    metrics.recordRequest("none", "none", refusal.status);
  }
  endSoon(socket);
}

function refusalOf(error: BrokenRequest): HttpError {
  if (error.code === "HPE_HEADER_OVERFLOW" && isLongAddress(error.rawPacket)) {
    return new HttpError("http/uri-too-long", `the address has more than ${LIMITS.urlLength} characters`);
  }
  const [code, message] = BROKEN_REQUESTS[error.code ?? ""] ?? [
    "http/bad-request",
    "this is not a request that can be read",
  ];
  return new HttpError(code, message);
}

/** Whether it is the address that is too long, not the headers. */
function isLongAddress(packet: unknown): boolean {
  if (!Buffer.isBuffer(packet)) return false;
  const end = packet.indexOf("\n");
  const isRequestLine = /^[A-Z]+ /.test(packet.toString("latin1", 0, 16));
  return isRequestLine && (end === -1 || end > LIMITS.urlLength);
}

/** Answers what node would answer by itself, with no word of explanation. */
export function answerOddRequests(server: Server, metrics: Metrics): void {
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    const refusal = new HttpError("http/expectation-failed", "the `Expect` header is not understood");
    sendProblem(request, response, refusal);
  });
  server.on("connect", (_request: IncomingMessage, socket: Duplex) => {
    const refusal = new HttpError("http/method-not-allowed", "this is no proxy");
    socket.on("error", () => {});
    socket.write(writeProblem(refusal).replace("\r\n", "\r\nAllow: GET, HEAD\r\n"));
    metrics.recordRequest("CONNECT", "none", refusal.status);
    endSoon(socket);
  });
}

/** Answers a request that does not get as far as the framework. */
export function sendProblem(request: IncomingMessage, response: ServerResponse, refusal: HttpError): void {
  const body = JSON.stringify(problemOf(refusal));
  response.writeHead(refusal.status, {
    "content-type": PROBLEM_TYPE,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-cache",
    ...(announcesBody(request) ? { connection: "close" } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Whether bytes follow the headers (RFC 9112, section 6.3). */
export function announcesBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}

/** Lets what was written go out first; node's own sockets know how. */
function endSoon(socket: Duplex): void {
  if ("destroySoon" in socket && typeof socket.destroySoon === "function") socket.destroySoon();
  else socket.end();
}
