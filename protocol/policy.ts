import type { Ppm } from "./share.ts";
import type { VersionScheme } from "./version.ts";

/**
 * The documents that the online key signs: what each scope should run. One for each product and one for each
 * tenant, so that a change re-signs little and a tenant sees only itself. Times are whole seconds since 1970
 * (UTC), durations whole seconds, shares parts per million: canonical JSON has no floats.
 *
 * Written by the controller (`controller/desired/`), read by the agent (`read-policy.ts`).
 */
export const POLICY_SCHEMA_VERSION = 1;

/**
 * Keys that hold a device back, or say which settings are its own: an agent that does not know one refuses the document,
 * and a machine that would have been held stays where it is. Each document carries the list, so that an agent can tell
 * also of keys that are newer than itself. It passes over any other key that it does not know: without it a machine is
 * only slower, or less well explained.
 */
export const CRITICAL_KEYS = [
  "advance",
  "autoUpdate",
  "channel",
  "freeze",
  "halted",
  "ifInstalled",
  "localOverrides",
  "match",
  "minVersion",
  "opened",
  "paused",
  "pin",
  "rollout",
  "startsAt",
  "unknownDevices",
  "window",
  "yankedFor",
] as const;

/** What every policy document begins with. */
interface PolicyDocument {
  readonly schemaVersion: typeof POLICY_SCHEMA_VERSION;
  /** Keys, wherever they stand in the document, that its reader has to know. Absent: all of them. */
  readonly critical?: readonly string[];
}

/** The kill switch of one scope. */
export interface Pause {
  readonly reason?: string;
  /** First second at which it no longer holds. */
  readonly until?: number;
}

/** An exact version for a scope; the nearest one wins. `expires` is enforced by `decide`. */
export interface Pin {
  readonly version: string;
  readonly reason?: string;
  readonly owner?: string;
  /** First second at which the pin no longer holds. */
  readonly expires?: number;
}

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When updates may be applied. `start` is local wall-clock time in `timeZone`. */
export interface UpdateWindow {
  readonly days: readonly Weekday[];
  /** `HH:MM`, 24 hours. */
  readonly start: string;
  /** Seconds from `start`; at most 24 h. */
  readonly duration: number;
  /** An IANA name such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** `now`: a device that was offline through its last window need not wait for the next one. */
  readonly onReturn: "window" | "now";
}

/** A span of time without updates. */
export interface Freeze {
  readonly from: number;
  /** First second at which updates go on. */
  readonly to: number;
  readonly reason: string;
  readonly owner?: string;
  /** Versions of this severity go on. */
  readonly except?: "security";
}

/** What may be said at every level, for all products or for one. */
export interface ScopeSettings {
  readonly paused?: Pause;
  readonly channel?: string;
  readonly pin?: Pin;
  readonly autoUpdate?: boolean;
  readonly window?: UpdateWindow;
  /** All on a device's path hold, also those of wider scopes. */
  readonly freeze?: readonly Freeze[];
  readonly localOverrides?: "allow" | "deny";
}

/** Settings of one scope. What it says under `products` about one product wins over what it says for all. */
export interface ScopePolicy extends ScopeSettings {
  readonly products?: Readonly<Record<string, ScopeSettings>>;
}

export interface GroupPolicy extends ScopePolicy {
  readonly name: string;
  /** Ids of the devices in the group. */
  readonly devices: readonly string[];
  /**
   * Devices with all of these are in the group too: by the name of a label, or of a fact after `facts.`, the values of
   * which one must hold. Facts that are counted take a range.
   */
  readonly match?: Readonly<Record<string, readonly string[]>>;
}

/**
 * `policy/tenant/<name>.json`: everything that one tenant's state file says. It names no commit, so that a commit
 * about others leaves its bytes as they are, and nobody signs or fetches it again.
 */
export interface TenantPolicy extends ScopePolicy, PolicyDocument {
  readonly kind: "tenant";
  readonly tenant: string;
  /** Names that it had before. Each has a document of its own that says the same, for whoever has the key of that name. */
  readonly formerly?: readonly string[];
  /** In the document of a former name: what the tenant is called now. */
  readonly renamedTo?: string;
  readonly sites: Readonly<Record<string, ScopePolicy>>;
  /** In the order that the tenant lists them: the first that speaks wins. */
  readonly groups: readonly GroupPolicy[];
  readonly devices: Readonly<Record<string, ScopePolicy>>;
}

/** One cumulative step: from `after` seconds past the promotion on, `ppm` of the fleet may have the version. */
export interface Wave {
  readonly ppm: Ppm;
  readonly after: number;
}

export interface Canary {
  readonly devices: readonly string[];
  /** `tenant/group` */
  readonly groups: readonly string[];
  /** The first of the queue for the version, in addition. */
  readonly share?: Ppm;
  /** What the share has to cover. */
  readonly of?: "platform" | "site";
}

/** How sure a gate is before it halts, unless it says otherwise: 95 %. */
export const CONFIDENCE: Ppm = 950_000;
/** The largest share of the failures that may be one tenant's, unless a gate says otherwise. */
export const MAX_TENANT_SHARE: Ppm = 500_000;

/** When reports halt a rollout. Judged by the controller alone; agents read it and do nothing with it. */
export interface Gate {
  readonly maxFailure: Ppm;
  /** Reports that are needed before a version is proven. A halt may come with fewer. */
  readonly minReports: number;
  /** Seconds after which a device that was offered the version and said nothing counts as failed. */
  readonly silentAfter?: number;
  /**
   * A version that fails on no more than `maxFailure` is ever halted with a chance of at most the rest to 1,000,000.
   * Above 500,000, below 1,000,000. Absent: `CONFIDENCE`.
   */
  readonly confidence?: Ppm;
  /** Causes that count. Absent: those that speak against the release (`CAUSES_AGAINST_RELEASE`). */
  readonly causes?: readonly string[];
  /** Absent: `MAX_TENANT_SHARE`. */
  readonly maxTenantShare?: Ppm;
}

/** How a version spreads over time. */
export interface Spread {
  /** `steps` opens a wave at once; `linear` opens it evenly over the time since the wave before. */
  readonly strategy: "steps" | "linear";
  /** Ascending in both numbers; the last is 1,000,000 ppm. */
  readonly waves: readonly Wave[];
}

export interface Rollout extends Spread {
  readonly canary?: Canary;
  readonly gate?: Gate;
  /** What the channel points to now begins no earlier. */
  readonly startsAt?: number;
  /** What opens the next wave, from its time on. Absent: time alone. */
  readonly advance?: "healthy" | "manual";
  /** How many waves of what the channel points to are open; there exactly with `advance`. */
  readonly opened?: number;
  /** Of these, how many the reports of devices have opened beyond what git says. For people, and a controller's restart. */
  readonly openedByHealth?: number;
  /** Waves of versions of that severity, in place of the others; they open by time. */
  readonly bySeverity?: { readonly security: Spread };
}

/** How many promotions of a channel its policy carries, the current one included: as far as a channel falls back. */
export const OFFERED_PROMOTIONS = 32;

/** A version that the channel pointed to, and since when. */
export interface Promotion {
  readonly version: string;
  /** Since when its waves count: the later of the commit's time and the first publication. */
  readonly at: number;
  /** Which of the two it is. Absent: the commit's time. */
  readonly startedBy?: "publication";
  /** The commit that promoted it. */
  readonly commit: string;
  /** The version stood halted when the channel moved on, so it is no fallback and no step on an upgrade path. */
  readonly halted?: boolean;
  /** How many of its waves were open when the channel moved on. Absent: time opened them. */
  readonly opened?: number;
}

/** Why and since when a version is stopped. */
export interface HaltCause {
  readonly reason: string;
  readonly at: number;
}

/** Stopped by its gate or by a person: nobody else gets the version. */
export interface Halt extends HaltCause {
  /** Absent: a commit says so. */
  readonly by?: "gate";
  /** Where a commit says so: the gate has stopped it too, and it stays stopped when the commit's word is taken back. */
  readonly gate?: HaltCause;
}

/** A person has looked: halts by the gate up to `at` have ended, and only outcomes after it count. */
export type Resumption = HaltCause;

/** A declared downgrade: devices on exactly one of `from` may go down to what the channel offers. */
export interface Rollback {
  readonly from: readonly string[];
  readonly reason?: string;
}

export interface ChannelPolicy {
  /** What the channel points to now, active or not. */
  readonly current: Promotion;
  /** What it pointed to before, newest first, on the first-parent line. */
  readonly previous: readonly Promotion[];
  /**
   * Versions through which it leads a machine to one that accepts only newer ones, besides those above: what it pointed
   * to longer ago, and what it lists in `via`. Absent where nothing of the product has such a barrier.
   */
  readonly steps?: readonly string[];
  readonly paused?: Pause;
  readonly freeze?: readonly Freeze[];
  readonly minVersion?: string;
  /**
   * Seconds for which a program with the agent inside may put a version off, from its first question on. Not critical: who
   * does not know it goes by bounds of its own.
   */
  readonly deferAtMost?: number;
  readonly rollout?: Rollout;
  readonly halted?: Halt;
  /** Of what the channel points to now. */
  readonly resumed?: Resumption;
  readonly rollback?: Rollback;
}

/**
 * The longest that policy can make agents wait between two polls, in seconds. The key that signs policy is online: whoever
 * steals it must not be able to silence a fleet beyond the day on which its owner has the controller back.
 */
export const MAX_CHECK_INTERVAL = 86_400;

/** What `fleet.yaml` says. */
export interface FleetPolicy extends ScopeSettings {
  readonly defaultChannel: string;
  readonly minVersion?: string;
  /** Seconds between two polls that agents should use unless told otherwise; 0: as seldom as policy may ask for. */
  readonly checkInterval?: number;
  /** Devices that no tenant, site, group or device of state names are not updated. Absent: they are. */
  readonly unknownDevices?: "hold";
}

/** `policy/product/<product>.json`: everything about one product that is not a tenant's own. */
export interface ProductPolicy extends PolicyDocument {
  readonly kind: "product";
  /**
   * The commit of the state repository that last changed anything else in here, so that a commit about other products
   * leaves the document as it is. The commit of the whole manifest is in the role `policy`.
   */
  readonly commit: string;
  readonly product: string;
  readonly versionScheme: VersionScheme;
  /** A companion: updated only where it is already present. */
  readonly ifInstalled?: boolean;
  readonly fleet: FleetPolicy;
  readonly paused?: Pause;
  readonly freeze?: readonly Freeze[];
  readonly minVersion?: string;
  readonly channels: Readonly<Record<string, ChannelPolicy>>;
  /** Versions that state has yanked (`active: false`), whether or not the release role says so yet. */
  readonly yanked: readonly string[];
  /** Versions that state has yanked for some platforms alone. */
  readonly yankedFor?: Readonly<Record<string, readonly string[]>>;
}
