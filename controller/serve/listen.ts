import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { ServeError } from "./serve-error.ts";

/**
 * Starts to listen.
 *
 * @param port 0: a free one
 * @returns the address as a URL
 * @throws ServeError `serve/port-in-use`, `serve/port-forbidden`, `serve/bad-option`
 */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw explainFailure(error, host, port);
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
