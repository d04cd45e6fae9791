import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Server, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { InstallError } from "../installation/install-error.ts";
import { endProcess, ownArguments } from "./own-process.ts";
import { identityOf, type ProcessIdentity } from "./process-identity.ts";

/** A connection, or a socket that listens, on its way from one version of a program to the next. */
export interface HandedOver {
  /** What the program calls it. */
  readonly name: string;
  /** A paused connection, of which nothing read or written is still on its way in this process; or a server. */
  readonly handle: Socket | Server;
}

/** The next version, which runs and waits beside this process. */
export interface Successor {
  /** `undefined` where the system does not tell (anything but Linux). */
  readonly program: ProcessIdentity | undefined;
  /** Lets it begin, and ends this process. */
  leave(): Promise<never>;
  /** Ends it instead. */
  dismiss(): void;
}

const VARIABLE = "FAIRLEAD_HANDED_OVER";

/**
 * Starts the program at this path beside this process, with its arguments and environment, and gives it what is open
 * here: node closes all descriptors on execve(2), so an open connection outlives only a process that is handed it.
 *
 * @throws InstallError `install/restart-failed`
 */
export async function startSuccessor(
  path: string,
  give: () => Promise<readonly HandedOver[]> | readonly HandedOver[],
): Promise<Successor> {
  const child = spawn(path, [...ownArguments()], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, [VARIABLE]: String(process.pid) },
  });
  try {
    await once(child, "spawn");
    child.on("error", () => undefined);
    for (const { name, handle } of await give()) await send(child, { name }, handle);
  } catch (error) {
    child.kill("SIGKILL");
    throw new InstallError("install/restart-failed", "the new version cannot take over what is open", {
      got: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
  return {
    program: child.pid === undefined ? undefined : identityOf(child.pid),
    leave: async () => {
      await send(child, { go: true });
      endProcess();
    },
    dismiss: () => void child.kill("SIGKILL"),
  };
}

/**
 * What the version before hands over, in its order; nothing where this process was started in another way. Comes back once
 * that process is gone. To be called before anything is opened, and before `ready()`.
 *
 * @throws InstallError `install/aborted` where it ended before it was done
 */
export async function takeHandedOver(): Promise<readonly HandedOver[]> {
  const before = process.env[VARIABLE];
  delete process.env[VARIABLE];
  if (before === undefined || process.channel === undefined) return [];
  const taken: HandedOver[] = [];
  let mayGo = false;
  process.on("message", (message: unknown, handle: unknown) => {
    if (typeof message !== "object" || message === null) return;
    if ("go" in message) mayGo = true;
    const name = "name" in message && typeof message.name === "string" ? message.name : undefined;
    if (name !== undefined && (handle instanceof Socket || handle instanceof Server))
      taken.push({ name, handle });
  });
  await once(process, "disconnect");
  if (!mayGo) throw new InstallError("install/aborted", "the version before ended before it had handed over");
  // Its locks are free once the system gave this process another parent.
  while (process.ppid === Number(before)) await sleep(5);
  return taken;
}

function send(child: ChildProcess, message: object, handle?: Socket | Server): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.send(message, handle, (error) => (error === null ? resolve() : reject(error)));
  return promise;
}
