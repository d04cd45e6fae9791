import type { Facts } from "./requirements.ts";

/** The device that a decision is about, as it describes itself: unverified, so policy alone says what it may have. */
export interface Device {
  readonly id: string;
  /** `linux-x64`, `darwin-arm64`, ...: node's platform and architecture. */
  readonly platform: string;
  readonly tenant?: string;
  readonly site?: string;
  /** Given at enrolment. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Absent: nothing is known of the machine, so that no requirement can be held against it. */
  readonly facts?: Facts;
}

/** What runs on the device now. */
export interface Installed {
  /** `null`: the product is not installed. */
  readonly version: string | null;
}

/** A version whose binary failed on this device. Network failures never get here. */
export interface BlockedVersion {
  readonly version: string;
  readonly reason: string;
  /** Second from which it may be tried again. */
  readonly until: number;
}

/** What a person at the machine chose for it. Counts unless a scope denies local overrides. */
export interface LocalChoices {
  readonly channel?: string;
  /** Exactly this version, nearer than every pin of policy; not below a minimum version. */
  readonly pin?: string;
  /** Whether it installs by itself, nearer than what policy says; `false` does not hold below a minimum version. */
  readonly autoUpdate?: boolean;
}

/** The choices out of what has more. */
export function localChoices({ channel, pin, autoUpdate }: LocalChoices): LocalChoices {
  return {
    ...(channel === undefined ? {} : { channel }),
    ...(pin === undefined ? {} : { pin }),
    ...(autoUpdate === undefined ? {} : { autoUpdate }),
  };
}

/** What was decided on the machine itself. */
export interface LocalState extends LocalChoices {
  /** A person's `update`, or an update-now request: passes waves, window and `autoUpdate: false`. */
  readonly updateNow?: boolean;
  readonly blocked?: readonly BlockedVersion[];
  /**
   * The newest version that this machine ever confirmed, by the product's scheme. Absent: none is newer than what is
   * installed. Any text that names no signed release: it is not known, and then nothing is rolled back.
   */
  readonly newestConfirmed?: string;
  /** Second at which the device last verified a manifest before this check: shows whether it was offline. */
  readonly lastCheckAt?: number;
}
