import type { ConfirmSettings } from "../config/agent-config.ts";
import type { Format } from "../formats/format.ts";
import type { Successor } from "../process/hand-over.ts";
import type { StateFile } from "../state/state-file.ts";
import type { FinishedAttempt } from "./finished-attempt.ts";
import type { InstallPlan, Journal } from "./journal.ts";
import type { JournalFile } from "./journal-file.ts";

/** Everything that an installation works with. Whoever uses it holds the installation's lock. */
export interface InstallContext {
  readonly format: Format;
  readonly journal: JournalFile;
  readonly state: StateFile;
  readonly confirm: ConfirmSettings;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** A fraction in [0, 1). */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Told of every entry as it is written. */
  readonly onState?: ((journal: Journal) => void) | undefined;
  /**
   * Told how each attempt ended, before the journal forgets it: after a kill it may be told again, under the same id.
   * What it throws is passed over.
   */
  readonly onFinished?: ((attempt: FinishedAttempt) => void) | undefined;
  /**
   * Asked when a build is ready, right before the swap. What it throws ends the installation there; with
   * `install/postponed` nobody is told of an attempt, and what was downloaded stays.
   */
  readonly beforeSwap?: ((plan: InstallPlan) => Promise<void>) | undefined;
  /** Replaces this process by the installed program, in the place of a restart command. Does not return. */
  readonly reExec?: ((path: string) => never) | undefined;
  /** In the place of `reExec`: starts the installed program beside this process, which then ends. */
  readonly handOver?: ((path: string) => Promise<Successor>) | undefined;
  /**
   * In the place of both, for a service that only somebody else can start anew: has another process go on with what is
   * noted, and ends this one. Does not return.
   */
  readonly leave?: (() => Promise<never>) | undefined;
  /** Whether verified metadata names this build for this machine: what a person installed then may stay. */
  readonly isSigned?: ((id: string) => Promise<boolean>) | undefined;
}
