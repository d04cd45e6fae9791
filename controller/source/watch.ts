import { join } from "node:path";
import { watch } from "chokidar";
import type { GitRepository } from "./git-repository.ts";

export interface SourceWatch {
  /** Asks for a look now; calls while one runs become one more. */
  notify(): void;
  /** Ends the watch and waits for a look under way. */
  close(): Promise<void>;
}

/** Looks at the source. A rejection only delays the next look at a remote; the callee reports it. */
export type Look = () => Promise<void>;

/** A ref update is a handful of file events within this time, milliseconds. */
const DEBOUNCE_MS = 25;
const MAX_BACKOFF = 16;

/**
 * Watches the refs of a repository on this machine: a commit is noticed by the event of its ref file, without
 * polling. Resolves when the watch is in place.
 */
export async function watchLocal(repository: GitRepository, look: Look): Promise<SourceWatch> {
  const runner = new SingleFlight(look);
  const { gitDir, commonDir } = repository;
  const roots = new Set([gitDir, commonDir]);
  const files = new Set([join(gitDir, "HEAD"), join(commonDir, "HEAD"), join(commonDir, "packed-refs")]);
  const trees = [join(commonDir, "refs"), join(commonDir, "reftable")];
  const isRef = (path: string) => trees.some((tree) => path === tree || path.startsWith(`${tree}/`));
  const watcher = watch([...roots], {
    ignoreInitial: true,
    ignored: (path) => path.endsWith(".lock") || !(roots.has(path) || files.has(path) || isRef(path)),
  });
  let timer: NodeJS.Timeout | undefined;
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(() => runner.request(), DEBOUNCE_MS);
  });
  // A failed watch reports nothing any more; one more look at least finds what is there now.
  watcher.on("error", () => runner.request());
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return {
    notify: () => runner.request(),
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
      await runner.close();
    },
  };
}

/**
 * Looks at a remote every `intervalMs`, a tenth earlier or later so that many controllers spread out. After
 * failures the pause doubles, up to sixteen times the interval.
 */
export function watchRemote(intervalMs: number, look: Look): SourceWatch {
  let backoff = 1;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const schedule = () => {
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(() => runner.request(), intervalMs * backoff * (0.9 + Math.random() * 0.2));
  };
  const runner = new SingleFlight(async () => {
    try {
      await look();
      backoff = 1;
    } catch {
      backoff = Math.min(backoff * 2, MAX_BACKOFF);
    } finally {
      schedule();
    }
  });
  schedule();
  return {
    notify: () => runner.request(),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await runner.close();
    },
  };
}

/** Runs one look at a time; requests during a look lead to exactly one more. */
class SingleFlight {
  private readonly look: Look;
  private running: Promise<void> | undefined;
  private again = false;
  private closed = false;

  constructor(look: Look) {
    this.look = look;
  }

  request(): void {
    if (this.closed) return;
    if (this.running !== undefined) {
      this.again = true;
      return;
    }
    this.running = this.run();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async run(): Promise<void> {
    do {
      this.again = false;
      await this.look().catch(() => {});
    } while (this.again && !this.closed);
    this.running = undefined;
  }
}
