import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import swagger from "@fastify/swagger";
import fastify, { type FastifyInstance } from "fastify";
import { addApiRoutes } from "./api/api-routes.ts";
import { POINTER_PAGE } from "./api/pointer-page.ts";
import { errorBody, HTTP_ERRORS, HttpError, type HttpErrorCode, toHttpError } from "./http-error.ts";
import { LIMITS } from "./limits.ts";
import { createListener } from "./listener.ts";
import { addTargetRoutes } from "./manifest/target-routes.ts";
import { addTufRoutes } from "./manifest/tuf-routes.ts";
import type { RouteContext } from "./route-context.ts";
import { addWebhookRoute } from "./webhook/webhook-route.ts";

export interface ServerOptions extends RouteContext {
  /** Version of the program, for the API description. */
  readonly version: string;
  /** Addresses or networks of proxies whose `X-Forwarded-*` headers count; absent: nobody's. */
  readonly trustProxy?: readonly string[];
}

/** The whole HTTP side, not yet listening. It sees the controller only through `options.state`. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: LIMITS.bodyBytes,
    forceCloseConnections: "idle",
    trustProxy: options.trustProxy === undefined ? false : [...options.trustProxy],
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 512 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
    serverFactory: (framework) => createListener(framework, options),
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket),
  });

  app.addHook("onSend", (request, reply, _payload, done) => {
    options.metrics.recordRequest(request.method, request.routeOptions.url ?? "none", reply.statusCode);
    done();
  });
  app.setNotFoundHandler(() => {
    throw new HttpError("http/not-found", "there is nothing at this path", { help: "/ lists what there is" });
  });
  app.setErrorHandler((error, request, reply) => {
    const refusal = toHttpError(error);
    if (refusal.status >= 500 && refusal.code !== "http/no-manifest") {
      options.log.error(
        { event: "request.failed", method: request.method, path: request.url, error: describeError(refusal) },
        refusal.message,
      );
    }
    if (refusal.status === 503) reply.header("retry-after", "5");
    return reply
      .code(refusal.status)
      .header("cache-control", "no-cache")
      .send(errorBody(refusal.code, refusal.message, refusal.help));
  });

  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Fairlead",
        version: options.version,
        description:
          "The signed release manifest of an agent fleet, and what people and scripts ask about it.",
      },
    },
  });
  await app.register(async (routes) => {
    addTufRoutes(routes, options);
    addTargetRoutes(routes, options);
    addApiRoutes(routes, options);
    if (options.webhook !== undefined) await addWebhookRoute(routes, options, options.webhook);
    routes.get("/", { schema: { hide: true } }, (_request, reply) =>
      reply.type("text/plain; charset=utf-8").send(POINTER_PAGE),
    );
    routes.get("/openapi.json", { schema: { hide: true } }, (_request, reply) => reply.send(app.swagger()));
  });
  await app.ready();
  return app;
}

function describeError(error: HttpError): string {
  const { cause } = error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : error.message;
}

const BROKEN_REQUESTS: Readonly<Record<string, readonly [code: HttpErrorCode, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ["http/request-timeout", "the request did not arrive in time"],
  HPE_HEADER_OVERFLOW: ["http/headers-too-large", "the headers are larger than 8 KiB"],
};

/** Answers what never became a request: too slow, too large, or not HTTP. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const [code, message] = BROKEN_REQUESTS[error.code ?? ""] ?? [
    "http/bad-request",
    "this is not a request that can be read",
  ];
  const { status } = HTTP_ERRORS[code];
  const body = JSON.stringify(errorBody(code, message));
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}
