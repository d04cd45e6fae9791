import { DomainError } from "../../protocol/domain-error.ts";

/** Why bytes could not be fetched. None of these speaks against what would have been fetched. */
export const FETCH_ERRORS = {
  "fetch/bad-proxy": {
    cause: "what the environment or config.yaml names as proxy is not the address of one",
    remedy: "write it as http://proxy.example:3128, or `proxy: none` in config.yaml for no proxy at all",
  },
  "fetch/proxy-refused": {
    cause: "the proxy cannot be reached, asks for a name and a password, or does not let the agent through",
    remedy:
      "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, or `proxy` in config.yaml; ask whoever runs the proxy",
  },
  "fetch/untrusted-certificate": {
    cause: "the server's certificate is not trusted here: a proxy may read TLS, or its authority is private",
    remedy: "have the update server excepted, or name the authority's file in NODE_EXTRA_CA_CERTS",
  },
  "fetch/bad-url": {
    cause: "an address is not one of http or https",
    remedy: "check the addresses in the agent's configuration",
  },
  "fetch/connection-failed": {
    cause: "the server cannot be reached, or the connection broke",
    remedy: "check the address and the network; the agent tries again by itself",
  },
  "fetch/timed-out": {
    cause: "the server did not answer in time",
    remedy: "check the network between the machine and the server",
  },
  "fetch/too-slow": {
    cause: "the server sends fewer bytes a second than the floor",
    remedy: "look at the network or use another mirror; the agent tries again by itself",
  },
  "fetch/too-large": {
    cause: "the answer is longer than a file of its kind ever is",
    remedy: "check that the address is right",
  },
  "fetch/bad-redirect": {
    cause: "a redirect leaves https, or redirects go in a circle",
    remedy: "ask whoever runs the server",
  },
  "fetch/bad-encoding": {
    cause: "the answer is compressed in an unknown way, or damaged",
    remedy: "compare with another network: a proxy on the way may rewrite answers",
  },
  "fetch/http-status": {
    cause: "the server answered with a status that says neither yes nor no",
    remedy: "ask whoever runs the server, if it stays; the agent tries again by itself",
  },
} as const;

export type FetchErrorCode = keyof typeof FETCH_ERRORS;

/** Thrown by everything in `agent/fetch/`. */
export class FetchError extends DomainError<FetchErrorCode> {
  /** Seconds that the server asked to wait, where it did. */
  readonly retryAfter: number | undefined;

  constructor(
    code: FetchErrorCode,
    message: string,
    options: { help?: string; cause?: unknown; retryAfter?: number } = {},
  ) {
    super(code, message, options);
    this.retryAfter = options.retryAfter;
  }
}

/** @param what was waited for */
export function timedOut(host: string, milliseconds: number, what: string): FetchError {
  return new FetchError("fetch/timed-out", `${host}: expected ${what} in ${milliseconds} ms, got none`, {
    help: "check the network between this machine and the server",
  });
}
