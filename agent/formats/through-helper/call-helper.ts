import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { errnoOf } from "../../files/errno.ts";
import { readBounded } from "../../files/read-bounded.ts";
import { HelperError } from "../../helper-link/helper-error.ts";
import { Link } from "../../helper-link/link.ts";
import { type Reply, type Request, readHello, readReply } from "../../helper-link/messages.ts";
import { fromFileError, InstallError, isInstallCode } from "../../installation/install-error.ts";
import type { HelperSettings } from "../format.ts";
import { findKept } from "./kept-metadata.ts";

/** The helper may run a slow installer, or wait for its turn. */
const LIMITS = { idle: 1800, total: 3600 };
const SECRET_BYTES = 64;
const PIECE = 64 * 1024;

/** What the agent has for the helper while it is being asked: files of its own, whose bytes it hands over. */
export interface Exchange {
  /** What is to be installed. */
  readonly artifact?: string;
  /** The file of the installed build of this id; `undefined`: there is none. */
  readonly previousOf?: (id: string) => string | undefined;
  /** The helper refused, or failed, and left things as they were. */
  readonly onUnchanged?: () => void;
}

/**
 * Asks the privileged helper, and hands it what it asks back for: signed metadata from this agent's own store, and the
 * artifact.
 *
 * @returns whether the helper changed anything
 * @throws InstallError `install/helper-unreachable`, `install/helper-refused`, or the code that the helper's own
 *   installation ended with
 */
export async function callHelper(
  settings: HelperSettings,
  request: Request,
  exchange: Exchange = {},
): Promise<boolean> {
  let link: Link | undefined;
  try {
    link = new Link(await open(settings.socket), LIMITS);
    const { challenge } = await link.hear(readHello);
    await link.say({ secret: readSecret(settings.socket, challenge) });
    await link.say(request);
    return await answer(link, settings, exchange);
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    throw new InstallError(
      "install/helper-unreachable",
      `the privileged helper does not serve: ${error.message}`,
      {
        got: error.code,
        help: error.help ?? "read the helper's log",
        cause: error,
      },
    );
  } finally {
    link?.close();
  }
}

async function open(path: string): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect(path, () => resolve(socket));
  socket.once("error", reject);
  try {
    return await promise;
  } catch (error) {
    throw new HelperError(
      "helper/unreachable",
      `cannot connect to \`${path}\` (${errnoOf(error) ?? "unknown"})`,
      {
        help: "start the privileged helper, and name this agent's user in its config",
        cause: error,
      },
    );
  }
}

/** Only ever a file of that one folder, which the helper names by a number: nobody can have us read another one out. */
function readSecret(socket: string, challenge: string): string {
  const path = join(dirname(socket), "challenges", challenge);
  try {
    const read = readBounded(path, SECRET_BYTES);
    const secret = read.kind === "bytes" ? read.bytes.toString("latin1") : "";
    if (/^[0-9a-f]{64}$/.test(secret)) return secret;
  } catch {
    // Told below.
  }
  throw new HelperError("helper/wrong-peer", "the helper's challenge cannot be read by this user", {
    help: "run the agent as the user that the helper's config names",
  });
}

async function answer(link: Link, settings: HelperSettings, exchange: Exchange): Promise<boolean> {
  for (;;) {
    const reply = await link.hear(readReply);
    switch (reply.say) {
      case "metadata":
      case "document": {
        const bytes = findKept(settings.metadata, reply.say, reply.path, reply.max);
        await link.say(bytes === undefined ? {} : { bytes: bytes.length });
        if (bytes !== undefined) await link.send(bytes);
        break;
      }
      case "artifact":
        await sendFile(link, exchange.artifact, reply.size);
        break;
      case "previous":
        await sendFile(link, exchange.previousOf?.(reply.id), reply.size);
        break;
      case "done":
        return reply.changed;
      case "refused":
        if (reply.halfDone !== true) exchange.onUnchanged?.();
        throw asInstallError(reply);
    }
  }
}

async function sendFile(link: Link, path: string | undefined, size: number): Promise<void> {
  if (path === undefined) {
    await link.say({});
    return;
  }
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    throw fromFileError(error, "open", path);
  }
  try {
    if (fstatSync(descriptor).size !== size) {
      // The helper says what is wrong with it.
      await link.say({ bytes: fstatSync(descriptor).size });
      return;
    }
    await link.say({ bytes: size });
    for (let sent = 0; sent < size; ) {
      // A buffer of its own each time: what waits to be sent must not change.
      const piece = Buffer.allocUnsafe(Math.min(PIECE, size - sent));
      const count = readSync(descriptor, piece, 0, piece.length, sent);
      if (count === 0)
        throw new InstallError("install/tampered", `\`${path}\` became shorter while it was read`);
      await link.send(piece.subarray(0, count));
      sent += count;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** An installation fails with the helper as it would without; what only the helper refuses has a code of its own. */
function asInstallError({
  code,
  message,
  expected,
  got,
  help,
}: Extract<Reply, { say: "refused" }>): InstallError {
  const words = {
    ...(expected === undefined ? {} : { expected }),
    ...(help === undefined ? {} : { help }),
  };
  if (isInstallCode(code))
    return new InstallError(code, message, { ...words, ...(got === undefined ? {} : { got }) });
  return new InstallError("install/helper-refused", `the privileged helper refuses: ${message}`, {
    ...words,
    got: code,
  });
}
