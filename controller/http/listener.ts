import { createServer, type RequestListener, type Server } from "node:http";
import { LIMITS } from "./limits.ts";
import { answerFor } from "./manifest/prepared-file.ts";
import { METADATA_PREFIX, METADATA_ROUTE } from "./manifest/tuf-routes.ts";
import type { RequestCount } from "./metrics.ts";
import type { RouteContext } from "./route-context.ts";

/**
 * The listener under the framework, with the same limits for all. The poll that every agent makes all day is answered
 * here, before the framework costs anything; whatever else is asked, also what has to be refused, it answers.
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
      // The idle timeout closes connections between two requests as well: another timer would be set at each request.
      keepAliveTimeout: 0,
    },
    (request, response) => {
      const { method, url = "", headers } = request;
      const counts = method === "GET" ? get : method === "HEAD" ? head : undefined;
      // Once it is closing, the framework ends each connection with its answer.
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
