import proxyAddress from "@fastify/proxy-addr";
import swagger from "@fastify/swagger";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { PROBLEM_TYPE } from "../../protocol/problem.ts";
import type { Ppm } from "../../protocol/share.ts";
import { AccessLog } from "./access-log.ts";
import { allowedMethods, type MethodRoute } from "./allowed-methods.ts";
import { addAcceptRoute } from "./api/accept-route.ts";
import { describeApi } from "./api/description.ts";
import { frontPage } from "./api/front-page.ts";
import { addHealthRoutes } from "./api/health-routes.ts";
import { addLatestRoute } from "./api/latest-route.ts";
import { addMeRoute } from "./api/me-route.ts";
import { addOperatorRoutes } from "./api/operator-routes.ts";
import { announcesBody, answerBrokenRequest } from "./broken-request.ts";
import { CountedResponse } from "./counted-response.ts";
import { addFeedRoutes } from "./feeds/feed-routes.ts";
import { addDeviceRoutes } from "./fleet/device-routes.ts";
import { addFleetRoutes } from "./fleet-api/fleet-routes.ts";
import { HttpError, toHttpError } from "./http-error.ts";
import type { KnownHosts } from "./known-hosts.ts";
import { LIMITS } from "./limits.ts";
import { createListener } from "./listener.ts";
import { addTargetRoutes } from "./manifest/target-routes.ts";
import { addTufRoutes } from "./manifest/tuf-routes.ts";
import type { PreparedPage } from "./page/page.ts";
import { addPageRoutes } from "./page/page-routes.ts";
import { problemOf } from "./problem.ts";
import { addEventRoute, addLookRoute } from "./push/push-routes.ts";
import type { RouteContext } from "./route-context.ts";
import { signIn } from "./sign-in.ts";
import { addWebhookRoute } from "./webhook/webhook-route.ts";

export interface ServerOptions extends RouteContext {
  /** Version of the program, for the API description. */
  readonly version: string;
  /** Addresses or networks of proxies whose `X-Forwarded-*` headers count; absent: nobody's. */
  readonly trustProxy?: readonly string[];
  /** Absent: any host is answered, where no browser could do harm with it. */
  readonly hosts: KnownHosts | undefined;
  /** Connections at a time; those above are closed as they come. */
  readonly maxConnections: number;
  /** Share of the requests that are logged. */
  readonly logged: Ppm;
  /** The page for people; absent: `/` is a text. */
  readonly page?: PreparedPage;
}

/** One listener with its routes, not yet listening. It sees the controller only through `options.state`. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { audience, metrics, trustProxy = [] } = options;
  const trust = proxyAddress.compile([...trustProxy]);
  const accessLog = new AccessLog(options.log, options.logged, (request) => proxyAddress(request, trust));
  const app = fastify({
    logger: false,
    bodyLimit: LIMITS.bodyBytes,
    forceCloseConnections: "idle",
    // Answered to the end, each with the word that its connection closes.
    return503OnClosing: false,
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    exposeHeadRoutes: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
    serverFactory: (framework) => createListener(framework, { ...options, accessLog }),
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, metrics),
    frameworkErrors: (error, request, reply) => answerError(options, error, request, reply),
  });
  const routes: MethodRoute[] = [];
  app.addHook("onRoute", ({ url, method }) => void routes.push({ url, methods: [method].flat() }));
  // Before the body of a request is read that nobody takes.
  app.addHook("onRequest", async (request, reply) => {
    if (reply.raw instanceof CountedResponse) reply.raw.route = request.routeOptions.url ?? "none";
    if (request.is404) throw nothingHere(routes, request, reply);
  });
  app.addHook("onSend", async ({ raw }, reply) => {
    if (announcesBody(raw) && !raw.complete) reply.header("connection", "close");
  });
  app.setErrorHandler((error, request, reply) => answerError(options, error, request, reply));

  await app.register(swagger, describeApi(options));
  await app.register(async (scope) => {
    if (audience.agents) {
      addTufRoutes(scope, options);
      addTargetRoutes(scope, options);
      addLatestRoute(scope, options);
      if (options.fleet !== undefined) await addDeviceRoutes(scope, options, options.fleet);
      if (options.webhook !== undefined) await addWebhookRoute(scope, options, options.webhook);
    }
    if (options.push !== undefined) {
      if (audience.agents) addLookRoute(scope, options.push.polls);
      addEventRoute(scope, options.push.pages, async (request) => (await signIn(options, request)).tenants);
    }
    if (options.feeds !== "off") addFeedRoutes(scope, options);
    addHealthRoutes(scope, options);
    await addOperatorRoutes(scope, options);
    addMeRoute(scope, options);
    addAcceptRoute(scope, options);
    if (options.fleet !== undefined) await addFleetRoutes(scope, options, options.fleet.store);
    const text = frontPage(audience, options.fleet !== undefined);
    if (options.page === undefined) {
      scope.get("/", { schema: { hide: true } }, (_request, reply) =>
        reply.type("text/plain; charset=utf-8").send(text),
      );
    } else {
      addPageRoutes(scope, options.page, text, nothingAtPath);
    }
  });
  await app.ready();
  return app;
}

/** A path without a route, or a route that does not take the method. */
function nothingHere(
  routes: readonly MethodRoute[],
  { method, url }: FastifyRequest,
  reply: FastifyReply,
): HttpError {
  const [path = ""] = url.split("?");
  const allowed = allowedMethods(routes, path);
  if (allowed.length === 0) return nothingAtPath();
  reply.header("allow", allowed.join(", "));
  return new HttpError("http/method-not-allowed", `this path does not take ${method}`, {
    help: `it takes ${allowed.join(" and ")}`,
  });
}

function nothingAtPath(): HttpError {
  return new HttpError("http/not-found", "there is nothing at this path", { help: "/ lists what there is" });
}

function answerError(
  { log }: ServerOptions,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const isCutOff = request.raw.destroyed && !request.raw.complete && !(error instanceof HttpError);
  const refusal = isCutOff
    ? new HttpError("http/bad-request", "the request ended early")
    : toHttpError(error);
  if (refusal.status >= 500 && refusal.code !== "http/no-manifest") {
    log.error(
      { event: "request.failed", method: request.method, path: request.url, error: describeError(refusal) },
      refusal.message,
    );
  }
  const { challenge } = refusal;
  if (challenge !== undefined) reply.header("www-authenticate", challenge);
  if (refusal.status === 503) reply.header("retry-after", "5");
  if (refusal.status === 429 && !reply.hasHeader("retry-after")) reply.header("retry-after", "60");
  return reply
    .code(refusal.status)
    .header("cache-control", "no-cache")
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemOf(refusal)));
}

function describeError(error: HttpError): string {
  const { cause } = error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : error.message;
}
