import { createHash } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { LOOK_PROTOCOL, LOOK_STREAM_PATH } from "../../../protocol/push/look-message.ts";
import { isDeviceProblem, problemAnswer } from "../../fleet/device-answer.ts";
import type { DeviceAnswer, IdentifiedDevice, ReceivedRequest } from "../../fleet/fleet-service.ts";
import { HttpError, toHttpError } from "../http-error.ts";
import type { HostCheck } from "../known-hosts.ts";
import type { Metrics } from "../metrics.ts";
import { writeProblem } from "../problem.ts";
import type { Push } from "./push.ts";

/** RFC 6455, section 1.3. */
const HANDSHAKE_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const KEY = /^[A-Za-z0-9+/]{22}==$/;
/** Handshakes that wait for an answer about who it is. */
const MOST_UNDER_WAY = 256;

export interface LookStreamOptions {
  readonly push: Pick<Push, "streams" | "identify">;
  readonly hosts: HostCheck | undefined;
  readonly metrics: Metrics;
}

/** Whether a request asks for the stream; any other that asks for an upgrade is answered as if it did not. */
export function asksForLookStream({ method, url = "" }: IncomingMessage): boolean {
  return method === "GET" && pathOf(url) === LOOK_STREAM_PATH;
}

/** Answers agents that want to be told when to look. The server is made with `asksForLookStream`. */
export function serveLookStreams(server: Server, options: LookStreamOptions): void {
  let underWay = 0;
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => {});
    if (underWay >= MOST_UNDER_WAY) {
      refuse(socket, options.metrics, busy());
      return;
    }
    underWay++;
    void openStream(request, socket, head, options)
      .catch((error: unknown) => refuse(socket, options.metrics, toHttpError(error)))
      .finally(() => underWay--);
  });
}

async function openStream(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { push, hosts, metrics }: LookStreamOptions,
): Promise<void> {
  hosts?.check(request.rawHeaders, request.socket.localAddress);
  const accept = handshake(request);
  if (head.length > 0) throw new HttpError("http/bad-request", "an agent says nothing before the answer");
  if (push.streams.isFull) throw busy();
  const identified = await identify(push, request);
  if (identified.kind === "refused") {
    metrics.recordRequest("GET", LOOK_STREAM_PATH, identified.answer.status);
    socket.end(writeAnswer(identified.answer));
    return;
  }
  if (socket.destroyed) return;
  metrics.recordRequest("GET", LOOK_STREAM_PATH, 101);
  // Proxies and signs of life bound how long a dead connection stays, no clock for requests does.
  if ("setTimeout" in socket && typeof socket.setTimeout === "function") socket.setTimeout(0);
  if ("setNoDelay" in socket && typeof socket.setNoDelay === "function") socket.setNoDelay(true);
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${LOOK_PROTOCOL}\r\n\r\n`,
  );
  push.streams.add(identified.device, socket, knownManifest(request.url ?? ""));
}

/** Who knows the fleet may not answer at this moment: then it is the same problem as for a check-in. */
async function identify(push: Pick<Push, "identify">, request: IncomingMessage): Promise<IdentifiedDevice> {
  try {
    return await push.identify(received(request));
  } catch (error) {
    if (!isDeviceProblem(error)) throw error;
    return { kind: "refused", answer: problemAnswer(error) };
  }
}

/**
 * What proves that the answer is to this handshake (RFC 6455, section 4.2.2).
 *
 * @throws HttpError `http/bad-request`
 */
function handshake({ headers }: IncomingMessage): string {
  const key = headers["sec-websocket-key"];
  const protocols = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const isRight =
    headers.upgrade?.toLowerCase() === "websocket" &&
    headers["sec-websocket-version"] === "13" &&
    key !== undefined &&
    KEY.test(key) &&
    protocols.includes(LOOK_PROTOCOL);
  if (!isRight) {
    throw new HttpError("http/bad-request", "this is not the handshake of a stream", {
      help: `ask for a WebSocket, version 13, that speaks ${LOOK_PROTOCOL}`,
    });
  }
  return createHash("sha1").update(`${key}${HANDSHAKE_GUID}`).digest("base64");
}

function received({ method = "", url = "", headers, socket }: IncomingMessage): ReceivedRequest {
  const single = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as const],
  );
  return {
    method,
    target: url,
    headers: Object.fromEntries(single),
    body: new Uint8Array(0),
    address: socket.remoteAddress ?? null,
  };
}

function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? "";
}

/** What the agent says that it has; text that is no version counts as nothing. */
function knownManifest(url: string): number | undefined {
  const [, given] = /[?&]manifest=(\d{1,15})(?:&|$)/.exec(url) ?? [];
  return given === undefined ? undefined : Number(given);
}

function busy(): HttpError {
  return new HttpError("http/too-many-streams", "as many streams are open as this controller takes", {
    help: "poll, and try again later",
  });
}

function refuse(socket: Duplex, metrics: Metrics, refusal: HttpError): void {
  metrics.recordRequest("GET", LOOK_STREAM_PATH, refusal.status);
  socket.end(writeProblem(refusal));
}

function writeAnswer({ status, headers, body }: DeviceAnswer): string {
  const lines = Object.entries({
    ...headers,
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} \r\n${lines.join("")}\r\n${body}`;
}
