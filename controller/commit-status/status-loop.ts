import type { Logger } from "pino";
import { tryAgainAt } from "../call-out/retry.ts";
import type { StandingRollout } from "../http/rollout-metrics.ts";
import type { CommitStatus, StatusVerdict } from "./forge-request.ts";
import { type KeptStatuses, statusKey } from "./kept-statuses.ts";
import { statusChanges } from "./status-changes.ts";

export type StatusResult = "set" | "failed" | "given-up";

export interface StatusLoopParts {
  readonly kept: Pick<KeptStatuses, "read" | "write">;
  readonly wanted: () => readonly CommitStatus[];
  readonly standing: () => readonly StandingRollout[] | undefined;
  /** Sets a status once; never rejects. */
  readonly set: (status: CommitStatus, stop: AbortSignal) => Promise<StatusVerdict>;
  readonly count: (result: StatusResult) => void;
  readonly log: Logger;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly random: () => number;
  /** Milliseconds between two requests; absent: a second. */
  readonly paceMs?: number;
}

/** Forges ask for no more than one write a second from one client. */
const PACE_MS = 1_000;
/** Milliseconds after which it looks again by itself. */
const LOOK_MS = 60_000;
/** Seconds after which one that cannot be set is let go, until it changes. */
const GIVE_UP_AFTER = 86_400;

/**
 * Keeps the forge's commit statuses what they should be: one request at a time, the newest state of each status only, and
 * again later where the forge does not take it. Nothing waits for it.
 */
export class StatusLoop {
  private readonly parts: StatusLoopParts;
  private readonly known: Map<string, CommitStatus>;
  /** What the forge will not take, until something else is to be said. */
  private readonly refused = new Map<string, string>();
  private readonly ending = new AbortController();
  private failures = 0;
  private failingSince = 0;
  private notBefore = 0;
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Number.POSITIVE_INFINITY;

  constructor(parts: StatusLoopParts) {
    this.parts = parts;
    this.known = parts.kept.read();
  }

  /** Something may have to be said. */
  changed(): void {
    const { now, paceMs = PACE_MS } = this.parts;
    this.within(Math.max(paceMs, Math.min(LOOK_MS, (this.notBefore - now()) * 1000)));
  }

  /** Says the next thing in so many milliseconds at the latest; what comes in faster than that waits, and is not put off. */
  private within(milliseconds: number): void {
    if (this.ending.signal.aborted || this.running !== undefined) return;
    const at = performance.now() + milliseconds;
    if (at >= this.timerAt) return;
    clearTimeout(this.timer);
    this.timerAt = at;
    this.timer = setTimeout(() => {
      this.timerAt = Number.POSITIVE_INFINITY;
      this.running = this.setNext().then((isMore) => {
        this.running = undefined;
        if (isMore) this.changed();
        else this.within(LOOK_MS);
      });
    }, milliseconds);
  }

  async stop(): Promise<void> {
    this.ending.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  /** @returns whether there is more to say */
  private async setNext(): Promise<boolean> {
    const { now, wanted, standing, set } = this.parts;
    if (this.notBefore > now() && this.notBefore <= now() + 2 * GIVE_UP_AFTER) return true;
    const changes = statusChanges(wanted(), this.known, standing()).filter(
      (status) => this.refused.get(statusKey(status)) !== said(status),
    );
    const [next] = changes;
    if (next === undefined) return false;
    const verdict = await set(next, this.ending.signal);
    if (this.ending.signal.aborted && verdict.kind !== "set") return false;
    this.take(next, verdict);
    return true;
  }

  private take(status: CommitStatus, verdict: StatusVerdict): void {
    const { now, random, count, log } = this.parts;
    const fields = { commit: status.commit, context: status.context };
    const key = statusKey(status);
    switch (verdict.kind) {
      case "set":
        if (this.failures > 0)
          log.info({ event: "commit-status.recovered" }, "the forge takes commit statuses again");
        this.failures = 0;
        this.failingSince = 0;
        // Last: what was said last is remembered longest.
        this.known.delete(key);
        this.known.set(key, status);
        this.refused.delete(key);
        this.write();
        count("set");
        return;
      case "refused":
        this.refuse(key, status);
        count("given-up");
        log.error(
          { event: "commit-status.refused", ...fields },
          `the commit status is not taken: ${verdict.why}`,
        );
        return;
      case "failed": {
        this.failures++;
        if (this.failingSince === 0) this.failingSince = now();
        this.notBefore = tryAgainAt(now(), this.failures, random(), verdict.retryAfter);
        if (now() - this.failingSince >= GIVE_UP_AFTER) {
          this.failingSince = 0;
          this.refuse(key, status);
          count("given-up");
          log.error(
            { event: "commit-status.given-up", ...fields },
            `the commit status is given up: ${verdict.why}`,
          );
          return;
        }
        count("failed");
        if (this.failures > 1) return;
        log.warn(
          { event: "commit-status.failed", ...fields },
          `the commit status is set later: ${verdict.why}`,
        );
      }
    }
  }

  private refuse(key: string, status: CommitStatus): void {
    if (this.refused.size >= 1000) this.refused.clear();
    this.refused.set(key, said(status));
  }

  private write(): void {
    try {
      this.parts.kept.write(this.known);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.parts.log.warn(
        { event: "commit-status.unkept" },
        `what the forge was told is not on disk: ${message}`,
      );
    }
  }
}

function said({ state, description }: CommitStatus): string {
  return `${state} ${description}`;
}
