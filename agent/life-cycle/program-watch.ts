import { InstallError } from "../installation/install-error.ts";
import type { ProcessIdentity } from "../process/process-identity.ts";

/** What is seen of the program at one look. */
export type Sighting =
  | {
      readonly kind: "running";
      readonly identity: ProcessIdentity;
      /** How often the service manager has started it again by itself, where it says. */
      readonly restarts?: number;
    }
  | { readonly kind: "absent"; readonly restarts?: number }
  /** The service manager has given up. */
  | { readonly kind: "failed"; readonly why: string };

/** What has been seen so far. Times are seconds by any clock that nobody sets. */
export interface Watched {
  readonly running?: { readonly identity: ProcessIdentity; readonly since: number };
  readonly goneSince?: number;
  /** Replaced once in its first moments: a program that goes to the background. */
  readonly hasSettled: boolean;
  readonly restarts?: number;
  readonly crash?: string;
}

export const UNSEEN: Watched = { hasSettled: false };

/** A program that goes to the background does so in its first moments, and is another process then. */
const SETTLING_SECONDS = 2;
/** Longer than a service manager waits before it starts a program again, and shorter than a crash loop may go unseen. */
const GONE_SECONDS = 5;

/** Draws the conclusion from one more look. Pure; a crash that was seen stays one. */
export function look(before: Watched, sighting: Sighting, at: number): Watched {
  if (before.crash !== undefined) return before;
  if (sighting.kind === "failed") return { ...before, crash: sighting.why };
  const { restarts } = sighting;
  const counted = restarts === undefined ? before : { ...before, restarts };
  if (restarts !== undefined && before.restarts !== undefined && restarts > before.restarts) {
    return { ...counted, crash: `the service manager had to start it again (${restarts} times by now)` };
  }
  const { running } = before;
  if (sighting.kind === "absent") {
    if (running === undefined) return counted;
    const goneSince = before.goneSince ?? at;
    const isGone = at - goneSince >= GONE_SECONDS;
    const crash = isGone ? { crash: `process ${running.identity.pid} ended and nothing took its place` } : {};
    return { ...counted, goneSince, ...crash };
  }
  const { goneSince: _, ...present } = counted;
  const { identity } = sighting;
  if (running === undefined) return { ...present, running: { identity, since: at } };
  if (isSame(running.identity, identity)) return present;
  const settles = !before.hasSettled && at - running.since <= SETTLING_SECONDS;
  const next = { ...present, running: { identity, since: at }, hasSettled: true };
  return settles
    ? next
    : { ...next, crash: `process ${running.identity.pid} ended, and ${identity.pid} was started` };
}

/** Seconds for which one and the same process has lived. */
export function aliveFor({ running, goneSince, crash }: Watched, at: number): number {
  return running === undefined || goneSince !== undefined || crash !== undefined ? 0 : at - running.since;
}

function isSame(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return one.boot === other.boot && one.pid === other.pid && one.started === other.started;
}

const LOOK_EVERY_MS = 1000;

/** Looks at the program every second while other things are done, and ends them when it crashes. */
export class ProgramWatch {
  private watched = UNSEEN;
  private readonly sight: () => Promise<Sighting>;
  private readonly version: string;

  constructor(version: string, sight: () => Promise<Sighting>) {
    this.version = version;
    this.sight = sight;
  }

  get aliveSeconds(): number {
    return aliveFor(this.watched, performance.now() / 1000);
  }

  /**
   * Does something until the program crashes.
   *
   * @param work ends at its signal
   * @throws InstallError `install/crashed`, and what the work throws
   */
  async during<T>(outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const signal = outer === undefined ? stop.signal : AbortSignal.any([outer, stop.signal]);
    const looking = this.lookOn(stop);
    try {
      const done = await work(signal);
      if (this.crash !== undefined) throw this.crash;
      return done;
    } catch (error) {
      throw this.crash ?? error;
    } finally {
      stop.abort();
      await looking;
    }
  }

  private get crash(): InstallError | undefined {
    if (this.watched.crash === undefined) return undefined;
    return new InstallError("install/crashed", `${this.version} does not stay up`, {
      expected: "one process that lives on",
      got: this.watched.crash,
      help: "read the service's log; the previous version is put back",
    });
  }

  private async lookOn(stop: AbortController): Promise<void> {
    while (!stop.signal.aborted) {
      const sighting = await this.sight();
      if (stop.signal.aborted) return;
      this.watched = look(this.watched, sighting, performance.now() / 1000);
      if (this.watched.crash !== undefined) {
        stop.abort();
        return;
      }
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          stop.signal.removeEventListener("abort", done);
          resolve();
        };
        const timer = setTimeout(done, LOOK_EVERY_MS);
        stop.signal.addEventListener("abort", done, { once: true });
      });
    }
  }
}
