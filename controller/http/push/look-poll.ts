import { spreadOver } from "./look-spread.ts";

/** Requests that wait at a time; one more is answered at once, and polls as if nothing waited. */
const MOST_WAITING = 4_096;

/** As `LookMessage`. */
export interface LookAnswer {
  readonly manifest?: number;
  /** Seconds over which all who wait spread themselves. */
  readonly within: number;
}

/**
 * Long polls: for agents whose proxies let no stream through. A request waits until another manifest is served than the
 * one that it knows, or until its time is over.
 */
export class LookPolls {
  private readonly waiting = new Set<() => void>();
  private manifest: number | undefined;
  private within = 0;

  /** A manifest is served from now on. */
  announce(manifest: number): void {
    if (this.manifest === manifest) return;
    this.manifest = manifest;
    this.within = spreadOver(this.waiting.size);
    this.release();
  }

  /**
   * Resolves with the version that is served, as soon as it is not `known` or the time is over.
   *
   * @param known version that the agent has; absent: none
   * @param onGone calls back when the client has gone
   */
  wait(
    known: number | undefined,
    seconds: number,
    onGone: (forget: () => void) => void,
  ): Promise<LookAnswer> {
    if (this.manifest !== known || this.waiting.size >= MOST_WAITING) return Promise.resolve(this.answer());
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.waiting.delete(end);
        resolve(this.answer());
      };
      const timer = setTimeout(end, seconds * 1_000);
      this.waiting.add(end);
      onGone(end);
    });
  }

  close(): void {
    this.release();
  }

  private answer(): LookAnswer {
    const { manifest, within } = this;
    return { ...(manifest === undefined ? {} : { manifest }), within };
  }

  private release(): void {
    for (const end of [...this.waiting]) end();
  }
}
