import { readBounded } from "../files/read-bounded.ts";
import { findProgram } from "../process/find-program.ts";
import { identityOf, isOlder, type ProcessIdentity, type Uptime } from "../process/process-identity.ts";
import { runBounded } from "../process/run-bounded.ts";
import type { Sighting } from "./program-watch.ts";

/** Where the program's process is looked for. */
export interface ProgramPlace {
  /** Of what is installed. */
  readonly path: string;
  readonly pidFile?: string | undefined;
  /** As the service manager calls it. */
  readonly service?: string | undefined;
  /** A process that was started before is the version before; absent: the one that is found is taken. */
  readonly startedAfter?: Uptime | undefined;
}

/**
 * Looks for the program's process: by its PID file where there is one, else as systemd tells, else among all processes
 * for the one that runs the installed file. Never by a number alone: one that was given out again has another start.
 */
export async function sightProgram(place: ProgramPlace): Promise<Sighting> {
  if (place.pidFile !== undefined) return sighted(processInFile(place.pidFile), place);
  const told = place.service === undefined ? undefined : await askSystemd(place.service);
  if (told === undefined) return sighted(findProgram(place.path, place.startedAfter), place);
  if (told.failed) return { kind: "failed", why: `systemd says that ${place.service} has failed` };
  const sighting = sighted(told.pid === 0 ? undefined : identityOf(told.pid), place);
  return told.restarts === undefined ? sighting : { ...sighting, restarts: told.restarts };
}

function sighted(
  identity: ProcessIdentity | undefined,
  { startedAfter }: ProgramPlace,
): Exclude<Sighting, { kind: "failed" }> {
  const isStale = identity === undefined || (startedAfter !== undefined && isOlder(identity, startedAfter));
  return isStale ? { kind: "absent" } : { kind: "running", identity };
}

function processInFile(path: string): ProcessIdentity | undefined {
  try {
    const found = readBounded(path, 64);
    const text = found.kind === "bytes" ? found.bytes.toString("latin1").trim() : "";
    return /^[1-9]\d{0,9}$/.test(text) ? identityOf(Number(text)) : undefined;
  } catch {
    return undefined;
  }
}

/** @returns `undefined` where there is no systemd that knows it */
async function askSystemd(
  service: string,
): Promise<
  { readonly pid: number; readonly restarts: number | undefined; readonly failed: boolean } | undefined
> {
  const result = await runBounded({
    argv: ["systemctl", "show", "--property=MainPID,NRestarts,ActiveState,LoadState", "--", service],
    seconds: 5,
    maxOutputBytes: 4096,
    leftovers: "kill",
  });
  if (result.kind !== "exited" || result.code !== 0) return undefined;
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(result.stdout)?.[1];
  if (value("LoadState") === "not-found") return undefined;
  const restarts = Number(value("NRestarts") ?? Number.NaN);
  return {
    pid: Number(value("MainPID") ?? 0),
    restarts: Number.isNaN(restarts) ? undefined : restarts,
    failed: value("ActiveState") === "failed",
  };
}
