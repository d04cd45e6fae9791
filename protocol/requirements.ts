/** A range of a fact, read by the scheme `dotted`: `>=2.31`. */
export type FactRange = string;

/**
 * What a machine must have for a release to run on it. Signed by the release key, so that whoever signs policy can neither
 * force a build upon a machine that cannot run it nor keep one from a machine that can.
 */
export interface Requirements {
  readonly glibc?: FactRange;
  readonly musl?: FactRange;
  readonly kernel?: FactRange;
  /** By the `ID` of a Linux distribution, the range of its `VERSION_ID`. Others do not fit. */
  readonly os?: Readonly<Record<string, FactRange>>;
  readonly macos?: FactRange;
  readonly windowsBuild?: FactRange;
  /** Features of the processor, as the kernel names them. */
  readonly cpu?: readonly string[];
  /** Bytes in all. */
  readonly memory?: number;
  /** Free bytes where it is installed, beside what the update itself takes. */
  readonly disk?: number;
  /** Names of requirements that this program does not know, so that nobody can tell whether they are met. Never signed. */
  readonly unknown?: readonly string[];
}

/**
 * What is known of a machine. On the machine itself a fact that is absent does not apply or could not be found out, and a
 * release that requires it does not fit. The controller may know none, and then takes every release to fit.
 */
export interface Facts {
  /** `ID` of /etc/os-release, `macos` or `windows`. */
  readonly os?: string;
  readonly osVersion?: string;
  readonly glibc?: string;
  readonly musl?: string;
  readonly kernel?: string;
  readonly macos?: string;
  readonly windowsBuild?: string;
  readonly cpu?: readonly string[];
  /** Bytes. */
  readonly memory?: number;
  /** Bytes. */
  readonly disk?: number;
}

/** Facts that are versions, compared by the scheme `dotted`. */
export const COUNTED_FACTS = ["glibc", "musl", "kernel", "macos", "windowsBuild"] as const;
