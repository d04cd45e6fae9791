import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { describeHolder } from "../state-folder/lock-holder.ts";
import { lockStateFolder, type StateFolderLock, tryLock } from "../state-folder/lock-state-folder.ts";

/** Milliseconds between two attempts of a standby: how long after the end of the other one it begins. */
const ATTEMPT_MS = 250;

/** Which state folder a controller needs for itself, and what it does where another one has it. */
export interface StateFolderClaim {
  readonly stateFolder: string;
  /** Wait until the other one ends, instead of refusing to start. */
  readonly standby: boolean;
}

/**
 * Makes this controller the one of its state folder. A standby waits, with everything loaded, and reads the folder only
 * once it is its own: whatever the one before has published is there then, so no version is ever given out twice.
 *
 * @returns `undefined` when a standby was told to stop (SIGTERM, Ctrl-C) while it waited
 * @throws StateFolderError, SystemError
 */
export async function claimStateFolder(
  { stateFolder, standby }: StateFolderClaim,
  log: Logger,
): Promise<StateFolderLock | undefined> {
  if (!standby) return lockStateFolder(stateFolder, "serve");
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  try {
    return await standBy(stateFolder, log, stop.signal);
  } finally {
    process.removeListener("SIGINT", onSignal);
    process.removeListener("SIGTERM", onSignal);
  }
}

async function standBy(
  stateFolder: string,
  log: Logger,
  stop: AbortSignal,
): Promise<StateFolderLock | undefined> {
  let holder: string | undefined;
  while (!stop.aborted) {
    const lock = tryLock(stateFolder, "serve");
    if (lock !== undefined) {
      if (holder !== undefined)
        log.warn({ event: "standby.took-over", stateFolder }, `took over from ${holder}`);
      return lock;
    }
    const found = describeHolder(stateFolder);
    if (found !== holder) {
      holder = found;
      log.info({ event: "standby.waiting", stateFolder, holder }, `standing by: ${holder} is at work`);
    }
    // Cut short by a signal; the condition of the loop sees to that.
    await sleep(ATTEMPT_MS, undefined, { signal: stop }).catch(() => undefined);
  }
  return undefined;
}
