import type { Build } from "../installation/build.ts";

/** A build that is not tried for a while: it failed on this device, or the device did not let it be. Its id is what is blocked: a rebuilt version may be tried. */
export interface BlockedBuild extends Build {
  readonly reason: string;
  /** Second from which it may be tried again. */
  readonly until: number;
  /** How often it has failed here; the backoff grows with it. 0: a person left it. */
  readonly failures: number;
  /** When it failed the last times, the oldest first. Absent where an agent before this one noted it. */
  readonly failedAt?: readonly number[];
  /** Nothing speaks against it, but a person has to do something first: whoever asks by hand says that it is done. */
  readonly waitsForPerson?: true;
  /** Nothing speaks against it: the machine did not let it be, a full disk say, after it had been swapped in. */
  readonly waitsForMachine?: true;
}

/** What was installed when its version was last established; lets a quiet poll look no closer. */
export interface InstalledBuild extends Build {
  /** Changes with whatever is installed. */
  readonly fingerprint: string;
}

/** How the last attempt to install ended. */
export interface LastOutcome {
  /** Of the installation that it ended: tells a second look at the same ending from a new one. */
  readonly startedAt: number;
  /** `failed`: nothing was swapped, the old version ran on. `not-restored`: it failed, and nothing good was kept. */
  readonly outcome: "confirmed" | "rolled-back" | "not-restored" | "failed";
  readonly from: string | null;
  readonly to: string;
  /** The refusal's id, such as `install/disk-full`, where it failed. */
  readonly cause?: string;
  /** For people, where it was not confirmed. */
  readonly reason?: string;
}

/** Why the last look at the manifest came to nothing. */
export interface FailedCheck {
  readonly at: number;
  /** The refusal's id, such as `fetch/connection-failed`. */
  readonly cause: string;
  readonly reason: string;
}

/** A build whose swap somebody put off, by the program that embeds the agent. */
export interface PostponedBuild extends Build {
  /** Second at which they were first asked: the deadline counts from there. */
  readonly since: number;
  /** Second from which they are asked again. */
  readonly until: number;
}

/** What the agent remembers between two starts, besides the journal and the trusted metadata. */
export interface AgentState {
  readonly installed?: InstalledBuild;
  /** The copy that `rollback` goes back to. */
  readonly previous?: Build & { readonly keptAt: number };
  readonly blocked: readonly BlockedBuild[];
  /** When a manifest was last verified and nothing was left to do. */
  readonly lastCheckAt?: number;
  /** Absent once a check succeeds. */
  readonly failedCheck?: FailedCheck;
  readonly last?: LastOutcome;
  readonly postponed?: PostponedBuild;
}

/** As much of a reason as is kept: what the agent writes it must be able to read again. */
export function keptReason(text: string): string {
  return text.slice(0, 1000);
}

export const EMPTY_STATE: AgentState = { blocked: [] };

/** How long the previous version stays for `rollback`, in seconds. */
export const KEEP_PREVIOUS_SECONDS = 7 * 86_400;
