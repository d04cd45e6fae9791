import type { Agent } from "node:http";
import { FetchError } from "./fetch-error.ts";

/** What the environment may say; the names in lower case go first, as with curl. */
type Environment = Readonly<Record<string, string | undefined>>;

type Route =
  /** As node goes by itself. */
  | { readonly kind: "default" }
  | { readonly kind: "direct" }
  | { readonly kind: "proxied"; readonly env: Readonly<Record<string, string>> };

/** What the config's `proxy` says where no proxy is to be used, whatever the environment says. */
export const NO_PROXY_AT_ALL = "none";

let route: Route | undefined;
const kept = new Map<string, Agent>();

/**
 * Says how all later requests of this process leave the machine.
 *
 * @param setting the address of a proxy, or `none`; absent: what the environment names (HTTP_PROXY, HTTPS_PROXY). Hosts
 *   that NO_PROXY lists are asked directly in any case but `none`
 * @throws FetchError `fetch/bad-proxy`
 */
export function useProxy(setting: string | undefined, environment: Environment = process.env): void {
  const next = readRoute(setting, environment);
  if (JSON.stringify(next) === JSON.stringify(route)) return;
  route = next;
  for (const agent of kept.values()) agent.destroy();
  kept.clear();
}

function readRoute(setting: string | undefined, environment: Environment): Route {
  if (setting === NO_PROXY_AT_ALL) return { kind: "direct" };
  const said = (name: string): string | undefined =>
    environment[name.toLowerCase()] || environment[name] || undefined;
  const http = setting ?? said("HTTP_PROXY");
  const https = setting ?? said("HTTPS_PROXY");
  const except = said("NO_PROXY");
  if (http === undefined && https === undefined) return { kind: "default" };
  return {
    kind: "proxied",
    env: {
      ...(http === undefined ? {} : { HTTP_PROXY: readProxy(http) }),
      ...(https === undefined ? {} : { HTTPS_PROXY: readProxy(https) }),
      ...(except === undefined ? {} : { NO_PROXY: except }),
    },
  };
}

/** Whether a text can be the address of a proxy: `http://proxy.example:3128`, or without the scheme, as curl takes it. */
export function isProxyAddress(text: string): boolean {
  const url = asUrl(text);
  return url !== undefined && url.hostname !== "" && /^https?:$/.test(url.protocol);
}

function asUrl(text: string): URL | undefined {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

function readProxy(text: string): string {
  const url = asUrl(text);
  if (url !== undefined && isProxyAddress(text)) return url.href;
  // Not quoted: it may hold a password.
  throw new FetchError("fetch/bad-proxy", "what is set as proxy is not the address of one", {
    help: "write it as http://proxy.example:3128, in the environment or as `proxy` in config.yaml",
  });
}

/** Whether requests may go through a proxy: not to each address, as NO_PROXY may except some. */
export function mayBeProxied(): boolean {
  route ??= readRoute(undefined, process.env);
  return route.kind === "proxied";
}

/**
 * The connections that a request to this address goes over.
 *
 * @returns `undefined`: those that node has for everybody
 * @throws FetchError `fetch/bad-proxy`
 */
export function connectionsFor(url: URL, connection: "any" | "fresh"): Agent | false | undefined {
  route ??= readRoute(undefined, process.env);
  if (route.kind === "default") return connection === "fresh" ? false : undefined;
  const proxyEnv = route.kind === "proxied" ? route.env : undefined;
  // Without a proxy also where node was told to take one from the environment.
  const options = { proxyEnv, keepAlive: connection === "any", timeout: 5_000 };
  const make = (): Agent =>
    url.protocol === "https:"
      ? new (process.getBuiltinModule("node:https").Agent)(options)
      : new (process.getBuiltinModule("node:http").Agent)(options);
  if (connection === "fresh") return make();
  const agent = kept.get(url.protocol) ?? make();
  kept.set(url.protocol, agent);
  return agent;
}

/** The proxy that requests to such addresses may go through, for messages: without name and password. */
export function proxyFor(url: URL): string | undefined {
  if (route?.kind !== "proxied") return undefined;
  const proxy = url.protocol === "https:" ? route.env.HTTPS_PROXY : route.env.HTTP_PROXY;
  return proxy === undefined ? undefined : new URL(proxy).host;
}
