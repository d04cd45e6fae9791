import type { ClientRequest, IncomingMessage, request } from "node:http";
import { printable } from "../../protocol/printable.ts";
import { AGENT_VERSION } from "../agent-version.ts";
import { FetchError } from "./fetch-error.ts";
import { connectionsFor, proxyFor } from "./proxy.ts";
import { remedyOf, tlsTroubleOf } from "./tls-trouble.ts";

export const USER_AGENT = `fairlead-agent/${AGENT_VERSION}`;

export interface RequestToSend {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Ends it; its reason is then what is thrown. */
  readonly signal: AbortSignal;
  /** `fresh`: not one that an earlier request left open. */
  readonly connection: "any" | "fresh";
}

/**
 * One request over HTTP or HTTPS, until the head of its answer has come.
 *
 * @returns `stale-connection`: it went over a connection that an earlier request had left open and that broke before any
 *   answer, which says nothing about the server
 * @throws FetchError
 */
export function sendRequest(
  url: URL,
  { method, headers, body, signal, connection }: RequestToSend,
): Promise<IncomingMessage | "stale-connection"> {
  const send = requestFor(url.protocol);
  if (send === undefined) {
    throw new FetchError("fetch/bad-url", `expected an http or https address, got \`${url.protocol}\``, {
      help: "check the addresses in the agent's configuration",
    });
  }
  const agent = connectionsFor(url, connection);
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = send(url, {
      method,
      headers: { "user-agent": USER_AGENT, ...headers },
      signal,
      maxHeaderSize: 16_384,
      ...(agent === undefined ? {} : { agent }),
    });
    let isAnswered = false;
    sent.once("response", (response) => {
      isAnswered = true;
      if (response.statusCode === 407) {
        response.destroy();
        reject(refusedByProxy(url, "it asks for a name and a password"));
      } else resolve(response);
    });
    // `on`: a connection may fail again after its answer came; the body tells of that, nobody listens here.
    sent.on("error", (error) => {
      const isStale = sent.reusedSocket && connection === "any" && !isAnswered && !signal.aborted;
      if (isStale) resolve("stale-connection");
      else reject(asFetchError(error, url, signal));
    });
    sent.end(body);
  });
}

let hasSent = false;

/** Whether this process has needed node:http: then its code is there, and its connections may be. */
export function usesNodeHttp(): boolean {
  return hasSent;
}

/**
 * An `import` of node:http reads every property that it exports, and one of them (WebSocket) loads undici, HTTP/2 and
 * TLS: 1.6 times the start of an empty node. It is loaded where a request needs it, and https where an address asks for it.
 */
function requestFor(protocol: string): typeof request | undefined {
  hasSent = true;
  switch (protocol) {
    case "http:":
      return process.getBuiltinModule("node:http").request;
    case "https:":
      return process.getBuiltinModule("node:https").request;
    default:
      return undefined;
  }
}

/** A deadline's own error where one cut the connection, else the network's. */
export function asFetchError(error: Error, url: URL, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const trouble = tlsTroubleOf(error);
  if (trouble !== undefined) {
    const said = `${url.host}: this machine does not trust its certificate (${printable(error.message, 200)})`;
    return new FetchError("fetch/untrusted-certificate", said, { cause: error, help: remedyOf(trouble) });
  }
  if (isAboutProxy(error)) return refusedByProxy(url, codeOf(error) ?? "no word of why", error);
  return new FetchError("fetch/connection-failed", `${url.host}: ${printable(error.message)}`, {
    cause: error,
    help: "check the address and the network; the agent tries again by itself",
  });
}

/** The tunnel to the server was refused, or the proxy itself is not there. Node quotes its address in the message. */
function isAboutProxy(error: Error): boolean {
  return codeOf(error)?.startsWith("ERR_PROXY") === true;
}

function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function refusedByProxy(url: URL, why: string, cause?: Error): FetchError {
  const proxy = proxyFor(url) ?? "on the way";
  return new FetchError("fetch/proxy-refused", `the proxy ${proxy} does not lead to ${url.host}: ${why}`, {
    ...(cause === undefined ? {} : { cause }),
    help: "check the proxy's address, and the name and password in it; hosts in NO_PROXY are asked directly",
  });
}
