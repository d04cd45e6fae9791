import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AccessLog } from "./access-log.ts";
import { announcesBody, answerOddRequests, sendProblem } from "./broken-request.ts";
import { CountedResponse } from "./counted-response.ts";
import { HttpError, toHttpError } from "./http-error.ts";
import { HostCheck, type KnownHosts } from "./known-hosts.ts";
import { LIMITS } from "./limits.ts";
import { answerFor } from "./manifest/prepared-file.ts";
import { METADATA_PREFIX, METADATA_ROUTE } from "./manifest/tuf-routes.ts";
import { asksForLookStream, serveLookStreams } from "./push/upgrade.ts";
import type { RouteContext } from "./route-context.ts";

export interface ListenerOptions extends RouteContext {
  /** Absent: any host is answered, where no browser could do harm with it. */
  readonly hosts: KnownHosts | undefined;
  /** Connections at a time; those above are closed as they come. */
  readonly maxConnections: number;
  readonly accessLog: AccessLog;
}

/**
 * The HTTP server below the framework. Its limits hold for every request. It answers GET and HEAD of existing metadata
 * files itself, because that is what every agent polls all day and the framework would cost more than the answer. All
 * other requests, including those that have to be refused, it passes on to the framework.
 */
export function createListener(framework: RequestListener, options: ListenerOptions): Server {
  const { audience, metrics, accessLog, state, push } = options;
  const server = createServer({
    ServerResponse: CountedResponse,
    headersTimeout: LIMITS.headersTimeout,
    requestTimeout: LIMITS.requestTimeout,
    maxHeaderSize: LIMITS.headerBytes,
    connectionsCheckingInterval: LIMITS.connectionsCheckingInterval,
    // Off: `setTimeout` below closes idle connections too, and this one would cost a timer for each request.
    keepAliveTimeout: 0,
    // Off: what node answers to a request without a host says nothing; `checkHost` does.
    requireHostHeader: false,
    shouldUpgradeCallback: (request) => push !== undefined && audience.agents && asksForLookStream(request),
  });
  const hosts = options.hosts === undefined ? undefined : new HostCheck(options.hosts);
  if (push !== undefined) serveLookStreams(server, { push, hosts, metrics });
  // One function for all answers, which finds its request by itself: each has one `close`.
  function record(this: CountedResponse): void {
    metrics.recordAnswer(this.req, this);
    accessLog.record(this.req, this);
  }
  const serve = (request: IncomingMessage, response: CountedResponse): void => {
    response.on("close", record);
    const refusal = refusalOf(request, hosts);
    if (refusal !== undefined) {
      sendProblem(request, response, refusal);
      return;
    }
    const { method, url = "", headers } = request;
    // While the server closes, the framework answers everything: it closes each connection after the answer.
    const isPoll = isRead(request) && audience.agents && url.startsWith(METADATA_PREFIX) && server.listening;
    const file = isPoll ? state().serving?.metadata.get(url.slice(METADATA_PREFIX.length)) : undefined;
    if (file === undefined) {
      framework(request, response);
      return;
    }
    response.route = METADATA_ROUTE;
    const answer = answerFor(file, headers["accept-encoding"], headers["if-none-match"]);
    response.writeHead(answer.status, answer.headers).end(method === "HEAD" ? undefined : answer.body);
  };
  server.on("request", serve);
  server.on("checkContinue", (request: IncomingMessage, response: CountedResponse) => {
    // Who would be refused is not told to go on.
    if (!isRead(request)) response.writeContinue();
    serve(request, response);
  });
  server.setTimeout(LIMITS.idleTimeout);
  answerOddRequests(server, metrics);
  boundConnections(server, options);
  return server;
}

function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

/** What no route needs to see. */
function refusalOf(request: IncomingMessage, hosts: HostCheck | undefined): HttpError | undefined {
  if (isRead(request) && announcesBody(request)) {
    // Not a byte of it is read: the answer closes the connection (RFC 9110, section 9.3.1).
    return new HttpError("http/unexpected-body", `a ${request.method} takes no body`);
  }
  if ((request.url?.length ?? 0) > LIMITS.urlLength) {
    return new HttpError("http/uri-too-long", `the address has more than ${LIMITS.urlLength} characters`);
  }
  if (hosts === undefined) return undefined;
  try {
    hosts.check(request.rawHeaders, request.socket.localAddress);
    return undefined;
  } catch (error) {
    return toHttpError(error);
  }
}

/** Beyond the bound, connections that wait for a next request make room for new ones. */
function boundConnections(server: Server, { maxConnections, metrics, quietLog }: ListenerOptions): void {
  server.maxConnections = maxConnections;
  let madeRoomAt = Number.NEGATIVE_INFINITY;
  server.on("drop", () => {
    metrics.recordDrop();
    // It looks at every connection: in a flood, not for each.
    if (performance.now() - madeRoomAt > LIMITS.makingRoomInterval) {
      madeRoomAt = performance.now();
      server.closeIdleConnections();
    }
    quietLog.warn(
      "connections.dropped",
      { most: maxConnections },
      `more than ${maxConnections} connections at a time: the newest are closed`,
    );
  });
  metrics.countConnections(server);
}
