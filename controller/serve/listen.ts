import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { ServeError } from "./serve-error.ts";

/** Milliseconds between two attempts to listen on a port that is in use. */
const ATTEMPT_MS = 100;

/**
 * Starts to listen.
 *
 * @param port 0: a free one
 * @param patienceMs how long to wait for a port in use: a controller that took over has it a moment after the one before
 * @returns the address as a URL
 * @throws ServeError `serve/port-in-use`, `serve/port-forbidden`, `serve/bad-option`
 */
export async function listen(
  app: FastifyInstance,
  host: string,
  port: number,
  patienceMs = 0,
): Promise<string> {
  for (let left = patienceMs; ; left -= ATTEMPT_MS) {
    try {
      await app.listen({ host, port });
      break;
    } catch (error) {
      const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!isTaken || left <= 0) throw explainFailure(error, host, port);
      await sleep(ATTEMPT_MS);
    }
  }
  const { address, port: bound, family } = app.server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`;
}

function explainFailure(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new ServeError("serve/port-in-use", `port ${port} of ${host} is in use`, {
        help: `stop what listens there, or choose another port: --port ${port + 1}`,
        cause: error,
      });
    case "EACCES":
      return new ServeError("serve/port-forbidden", `this user may not listen on port ${port}`, {
        help: "choose a port above 1023, for example --port 8080",
        cause: error,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new ServeError("serve/bad-option", `\`${host}\` is not an address of this machine`, {
        help: "use 127.0.0.1 for this machine only, or 0.0.0.0 for all of its addresses",
        cause: error,
      });
    default:
      return error;
  }
}
