import { existsSync, renameSync, rmSync } from "node:fs";
import { sha256OfFile } from "../../files/hash-file.ts";
import { fromFileError, InstallError } from "../../installation/install-error.ts";
import type { ServiceManager } from "../../service/service-manager.ts";
import { tryToRemove } from "./remove-program.ts";
import { endJob, readJob, type SwapJob, writeJob } from "./swap-job.ts";

/** A service that takes longer to stop or to come up counts as one that does not. */
const SERVICE_SECONDS = 120;

/**
 * Brings the job in a file to its end: stops the service, exchanges the program, starts the service. Where that does not
 * start, or ends straight away, the program before goes back and runs again, and the new one is kept to look at.
 *
 * Everything is read from the disk, so it can be killed at any instant and called again.
 *
 * @returns whether there was a job
 * @throws InstallError `install/crashed` where the new program did not run, or `install/service-manager-failed` where
 *   nothing could be started, and the one before is back; a file error or one of the service where it has to be called again
 */
export async function runSwap(file: string, services: ServiceManager): Promise<boolean> {
  let job = readJob(file);
  if (job === undefined) return false;
  let verdict: InstallError | undefined;
  if (job.undo !== true) {
    try {
      await stop(job, services);
      exchange(job);
      await start(job, services);
      tryToRemove(job.outgoing);
      endJob(file);
      return true;
    } catch (error) {
      if (!isVerdict(error) || job.service === undefined) throw error;
      if (!existsSync(job.outgoing)) throw error;
      verdict = error;
      job = { ...job, undo: true };
      writeJob(file, job);
    }
  }
  await stop(job, services);
  putBack(job);
  await start(job, services);
  endJob(file);
  if (verdict?.code === "install/service-manager-failed") throw verdict;
  throw new InstallError("install/crashed", "the service did not run with the new program", {
    got: `the program before is back, and runs; the new one is \`${job.broken}\``,
    help: "look at that file and at the event log of the service",
  });
}

/** Brings up a service that was left down with nothing to exchange: a kill, or a start that was refused. */
export async function bringUp(service: string, services: ServiceManager): Promise<boolean> {
  if ((await services.state(service)) !== "stopped") return false;
  await services.start(service, { seconds: SERVICE_SECONDS });
  return true;
}

/** Either way the new program does not run, and the one before has to. */
function isVerdict(error: unknown): error is InstallError {
  if (!(error instanceof InstallError)) return false;
  return error.code === "install/restart-failed" || error.code === "install/service-manager-failed";
}

async function stop({ service }: SwapJob, services: ServiceManager): Promise<void> {
  if (service === undefined) return;
  const state = await services.state(service);
  if (state !== "stopped" && state !== "absent") await services.stop(service, { seconds: SERVICE_SECONDS });
}

async function start({ service, program }: SwapJob, services: ServiceManager): Promise<void> {
  if (service === undefined || !existsSync(program)) return;
  if ((await services.state(service)) !== "absent")
    await services.start(service, { seconds: SERVICE_SECONDS });
}

/** Two renames, in one folder's file system: the first takes the name from the old program, the second gives it. */
function exchange({ program, incoming, id, outgoing }: SwapJob): void {
  try {
    if (incoming === undefined) {
      if (existsSync(program)) renameSync(program, outgoing);
      return;
    }
    // Done before a kill.
    if (!existsSync(incoming) && sha256OfFile(program) === id) return;
    if (existsSync(program)) renameSync(program, outgoing);
    renameSync(incoming, program);
  } catch (error) {
    throw fromFileError(error, "replace", program);
  }
}

function putBack({ program, outgoing, broken }: SwapJob): void {
  try {
    // Done before a kill.
    if (!existsSync(outgoing)) return;
    if (existsSync(program)) {
      rmSync(broken, { force: true });
      renameSync(program, broken);
    }
    renameSync(outgoing, program);
  } catch (error) {
    throw fromFileError(error, "put back", program);
  }
}
