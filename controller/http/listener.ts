import { createServer, type RequestListener, type Server } from "node:http";
import { LIMITS } from "./limits.ts";
import { answerFor } from "./manifest/prepared-file.ts";
import { METADATA_PREFIX, METADATA_ROUTE } from "./manifest/tuf-routes.ts";
import type { RequestCount } from "./metrics.ts";
import type { RouteContext } from "./route-context.ts";

/**
 * The HTTP server below the framework. Its limits hold for every request. It answers GET and HEAD of existing metadata
 * files itself, because that is what every agent polls all day and the framework would cost more than the answer. All
 * other requests, including those that have to be refused, it passes on to the framework.
 */
export function createListener(framework: RequestListener, context: RouteContext): Server {
  const get = countsOf("GET", context);
  const head = countsOf("HEAD", context);
  const server = createServer(
    {
      headersTimeout: LIMITS.headersTimeout,
      requestTimeout: LIMITS.requestTimeout,
      maxHeaderSize: LIMITS.headerBytes,
      connectionsCheckingInterval: LIMITS.connectionsCheckingInterval,
      // Off: `setTimeout` below closes idle connections too, and this one would cost a timer for each request.
      keepAliveTimeout: 0,
    },
    (request, response) => {
      const { method, url = "", headers } = request;
      const counts = method === "GET" ? get : method === "HEAD" ? head : undefined;
      // While the server closes, the framework answers everything: it closes each connection after the answer.
      if (counts === undefined || !url.startsWith(METADATA_PREFIX) || !server.listening) {
        return framework(request, response);
      }
      const file = context.state().serving?.metadata.get(url.slice(METADATA_PREFIX.length));
      if (file === undefined) return framework(request, response);
      const answer = answerFor(file, headers["accept-encoding"], headers["if-none-match"]);
      counts[answer.status].count++;
      response.writeHead(answer.status, answer.headers).end(method === "HEAD" ? undefined : answer.body);
    },
  );
  server.setTimeout(LIMITS.idleTimeout);
  return server;
}

function countsOf(method: string, { metrics }: RouteContext): Readonly<Record<200 | 304, RequestCount>> {
  return {
    200: metrics.requestCount(method, METADATA_ROUTE, 200),
    304: metrics.requestCount(method, METADATA_ROUTE, 304),
  };
}
