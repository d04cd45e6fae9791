import { chmodSync, lstatSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { ListenAddress } from "./listen-address.ts";
import { ServeError } from "./serve-error.ts";

/** Milliseconds between two attempts to listen on a port that is in use. */
const ATTEMPT_MS = 100;

/**
 * Starts to listen. A unix socket is for this user and its group.
 *
 * @param patienceMs how long to wait for a port in use: a controller that took over has it a moment after the one before
 * @returns the address as a URL: `http://127.0.0.1:8080`, `unix:/run/fairlead/agents.sock`
 * @throws ServeError `serve/port-in-use`, `serve/port-forbidden`, `serve/bad-option`
 */
export async function listen(app: FastifyInstance, address: ListenAddress, patienceMs = 0): Promise<string> {
  return address.kind === "unix"
    ? listenOnSocket(app, address.path)
    : listenOnPort(app, address.host, address.port, patienceMs);
}

async function listenOnPort(
  app: FastifyInstance,
  host: string,
  port: number,
  patienceMs: number,
): Promise<string> {
  for (let left = patienceMs; ; left -= ATTEMPT_MS) {
    try {
      await app.listen({ host, port });
      break;
    } catch (error) {
      if (errnoOf(error) !== "EADDRINUSE" || left <= 0) throw explainFailure(error, host, port);
      await sleep(ATTEMPT_MS);
    }
  }
  const bound = app.server.address();
  if (bound === null || typeof bound === "string") return `http://${host}:${port}`;
  return `http://${bound.family === "IPv6" ? `[${bound.address}]` : bound.address}:${bound.port}`;
}

async function listenOnSocket(app: FastifyInstance, path: string): Promise<string> {
  await removeDeadSocket(path);
  try {
    await app.listen({ path });
    chmodSync(path, 0o660);
  } catch (error) {
    throw explainSocketFailure(error, path);
  }
  return `unix:${path}`;
}

/** A controller that was killed leaves its socket behind; one that answers is never taken away. */
async function removeDeadSocket(path: string): Promise<void> {
  // Connecting to any other file is refused as well.
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return;
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const probe = connect(path, () => resolve(undefined));
  probe.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
  const failure = await promise;
  probe.destroy();
  if (failure === "ECONNREFUSED") rmSync(path, { force: true });
}

function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

function explainSocketFailure(error: unknown, path: string): unknown {
  switch (errnoOf(error)) {
    case "EADDRINUSE":
      return new ServeError("serve/port-in-use", `something listens at \`${path}\`, or a file is there`, {
        help: "stop it, or choose another path",
        cause: error,
      });
    case "EACCES":
    case "ENOENT":
      return new ServeError("serve/bad-option", `no socket can be made at \`${path}\``, {
        help: "name a path in a folder that is there and that this user may write to",
        cause: error,
      });
    default:
      return error;
  }
}

function explainFailure(error: unknown, host: string, port: number): unknown {
  switch (errnoOf(error)) {
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
