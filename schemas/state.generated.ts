// Generated from the schemas beside it by `npm run generate`. Do not edit.

/**
 * Spans of time in which nothing is updated here or below: holidays, an audit. A freeze holds whatever nearer scopes say; a device below the minimum version and a person's `update` pass it.
 *
 * @minItems 1
 * @maxItems 50
 */
export type Freeze = FreezeState[];
/**
 * Warnings about this file that somebody has seen and answers for. They are no longer shown and fail no pipeline, until they expire; one that silences nothing any more is a warning itself. Errors cannot be acknowledged.
 *
 * @maxItems 1000
 */
export type Acknowledge = AcknowledgementState[];
/**
 * Cumulative, ascending in both numbers, and ending at 100 percent.
 *
 * @minItems 1
 * @maxItems 100
 */
export type Waves = WaveState[];
/**
 * One file for one platform: hosted, at a URL, or a package in a repository that the machine's package manager knows.
 */
export type ArtifactState = {
  /**
   * Operating system and architecture, as node names them.
   */
  platform: string;
  /**
   * How it is installed: a `binary` (one executable file), an `archive` (tar.zst, tar.gz or zip), a package of `deb`, `rpm` or macOS (`pkg`), or a Windows service's program (`windows`). A device has one format for a product; what is in others is not offered to it.
   */
  format: "binary" | "archive" | "deb" | "rpm" | "pkg" | "windows";
  /**
   * Where the bytes are: an https URL, or a path below the state repository's root. Left away only for a package that has `repository`.
   */
  url?: string;
  /**
   * Bytes. Beside `repository`: of the package file that the repository has.
   */
  size?: number;
  /**
   * SHA-256 of the file, 64 lower-case hexadecimal digits. Beside `repository` it is optional: a package manager's own signatures hold then, and this one besides.
   */
  sha256?: string;
  /**
   * The package's name. Of `deb` and `rpm` only.
   */
  package?: string;
  /**
   * The package's whole version, as the package manager prints it: with epoch and revision. Of `deb` and `rpm` only.
   */
  packageVersion?: string;
  /**
   * The repository that the machine's package manager fetches the package from, as the vendor calls it; a machine may know it by another name. Instead of `url`.
   */
  repository?: string;
  /**
   * `false` yanks the version for this platform alone: its machines are treated as if the whole version were yanked.
   */
  active?: boolean;
  /**
   * Smaller ways to this file from earlier builds, each made by `fairlead release add --delta-from`. An agent that has such a build downloads the delta, checks that the very same bytes come out, and takes the whole file where anything is wrong.
   *
   * @minItems 1
   * @maxItems 20
   */
  deltas?: DeltaState[];
  /**
   * What a machine must have for this file, besides and instead of what the version says. `fairlead release add` reads what it can from the file.
   */
  requires?: RequiresState;
};

/**
 * Every kind of state file.
 */
export interface StateFiles {
  fleet: FleetState;
  product: ProductState;
  channel: ChannelState;
  version: VersionState;
  tenant: TenantState;
  expectations: ExpectationsState;
}
/**
 * What holds for the whole fleet: `fleet.yaml`.
 */
export interface FleetState {
  /**
   * The version of this format. 1 is the only one so far.
   */
  schemaVersion: number;
  /**
   * The channel of every device for which no nearer scope names one.
   */
  defaultChannel: string;
  /**
   * `true`, or an object with the reason. Nothing under this scope is updated while it stands, whatever else says.
   */
  paused?: boolean | PauseWithReason;
  /**
   * How far ahead tenants may pause their machines. A pause in a tenant's file then says `until` when, and no later than this after the commit. The fleet's, a product's and a channel's own pauses are the vendor's: they may stand for as long as it takes.
   */
  longestPause?: string;
  /**
   * Devices below it update now, past waves and windows, whatever the product.
   */
  minVersion?: string;
  /**
   * How long agents wait between two polls, unless told otherwise on the machine: up to `1d`. `0s` leaves it at one look a day; only a machine's own config turns polling off.
   */
  checkInterval?: string;
  /**
   * `false`: say that an update waits and install it only on request.
   */
  autoUpdate?: boolean;
  window?: WindowState;
  freeze?: Freeze;
  /**
   * Whether a machine may choose its own channel, version (pin) and autoUpdate.
   */
  localOverrides?: "allow" | "deny";
  /**
   * What a device does that no tenant, site, group or device of state names: `update` by the fleet's own settings, or `hold` until somebody names it.
   */
  unknownDevices?: "update" | "hold";
  removed?: RemovedState;
  /**
   * Warnings about this file that somebody has seen and answers for, and with `file` those about a file that can hold no acknowledgement itself. They are no longer shown and fail no pipeline, until they expire; one that silences nothing any more is a warning itself. Errors cannot be acknowledged.
   *
   * @maxItems 1000
   */
  acknowledge?: FleetAcknowledgementState[];
}
/**
 * A pause that says why.
 */
export interface PauseWithReason {
  /**
   * Why, for whoever reads this later.
   */
  reason: string;
  /**
   * When it ends by itself. A date alone ends it as that day begins, UTC. Without it, somebody ends it by a commit.
   */
  until?: string;
}
/**
 * When updates may be applied. Outside it, devices wait.
 */
export interface WindowState {
  /**
   * The days on which it opens.
   *
   * @minItems 1
   * @maxItems 7
   */
  days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
  /**
   * Wall-clock time at which it opens, 24 hours.
   */
  start: string;
  /**
   * How long it stays open.
   */
  duration: string;
  /**
   * A time zone of the IANA database.
   */
  timeZone: string;
  /**
   * What a device does that was offline through its last window: wait for the next one, or update now.
   */
  onReturn?: "window" | "now";
}
/**
 * One span of time without updates.
 */
export interface FreezeState {
  /**
   * When it begins; a date alone begins at midnight UTC.
   */
  from: string;
  /**
   * When it ends, and updates go on; a date alone ends it as that day begins, UTC.
   */
  to: string;
  /**
   * Why, for whoever reads this later.
   */
  reason: string;
  /**
   * Who answers for it: a mail address or a team.
   */
  owner?: string;
  /**
   * `security`: versions with `severity: security` go on.
   */
  except?: "security";
}
/**
 * Names that machines may still ask for, and that are gone on purpose. Whoever takes one away without an entry here is refused; and while the entry stands, nobody takes the name again. The entry may go when no such machine is left.
 */
export interface RemovedState {
  /**
   * Tenants, also by a name of `formerly`. Their machines find no settings any more and stay where they are until they enrol again.
   */
  tenants?: {
    [k: string]: RemovalState;
  };
  /**
   * Products. Machines that have one keep it and are offered nothing more.
   */
  products?: {
    [k: string]: RemovalState;
  };
  /**
   * Channels, by `product/channel`. Machines that chose one by themselves are offered nothing more.
   */
  channels?: {
    [k: string]: RemovalState;
  };
}
/**
 * Why something is gone that machines may still ask for.
 */
export interface RemovalState {
  /**
   * Why, for whoever reads this later.
   */
  reason: string;
  /**
   * Who answers for it: a mail address or a team.
   */
  owner?: string;
}
/**
 * Warnings of one rule, acknowledged until a date.
 */
export interface FleetAcknowledgementState {
  /**
   * The id of the rule whose warnings are acknowledged, as `fairlead rules` lists it.
   */
  rule: string;
  /**
   * What the warnings are about where that is no state file: a signed file of `trust/`, a file that nothing reads, a version file that is gone. Relative to the state root.
   */
  file?: string;
  /**
   * Only what is found here or below: a JSON pointer (RFC 6901) into this file. Without it, the whole file.
   */
  at?: string;
  /**
   * Why, for whoever reads this later.
   */
  reason: string;
  /**
   * Who answers for it: a mail address or a team.
   */
  owner: string;
  /**
   * Until when it holds: a date (until it begins, UTC) or a date and time with a zone.
   */
  expires: string;
}
/**
 * One product: `products/<product>/product.yaml`.
 */
export interface ProductState {
  /**
   * One line for people: what it is.
   */
  description: string;
  /**
   * How versions are compared and ranges are read: `semver`, or `dotted` (any number of numeric parts, left to right). The release key signs it with each version.
   */
  versionScheme?: "semver" | "dotted";
  /**
   * `true`, or an object with the reason. Nothing under this scope is updated while it stands, whatever else says.
   */
  paused?: boolean | PauseWithReason;
  freeze?: Freeze;
  /**
   * Devices below it update now, past waves and windows.
   */
  minVersion?: string;
  /**
   * A companion: updated only on machines where it is already present.
   */
  ifInstalled?: boolean;
  acknowledge?: Acknowledge;
}
/**
 * Warnings of one rule, acknowledged until a date.
 */
export interface AcknowledgementState {
  /**
   * The id of the rule whose warnings are acknowledged, as `fairlead rules` lists it.
   */
  rule: string;
  /**
   * Only what is found here or below: a JSON pointer (RFC 6901) into this file. Without it, the whole file.
   */
  at?: string;
  /**
   * Why, for whoever reads this later.
   */
  reason: string;
  /**
   * Who answers for it: a mail address or a team.
   */
  owner: string;
  /**
   * Until when it holds: a date (until it begins, UTC) or a date and time with a zone.
   */
  expires: string;
}
/**
 * One channel of a product: `products/<product>/channels/<channel>.yaml`.
 */
export interface ChannelState {
  /**
   * The version that the channel points to: what its devices are led to.
   */
  version: string;
  /**
   * Devices of this channel below it update now, past waves and windows.
   */
  minVersion?: string;
  /**
   * For how long a program that has the agent inside may put an update off, from its first question on; `0s`: not at all. The machine's own `defer_at_most` and the program's limit hold too: the shortest counts.
   */
  deferAtMost?: string;
  /**
   * `true`, or an object with the reason. Nothing under this scope is updated while it stands, whatever else says.
   */
  paused?: boolean | PauseWithReason;
  freeze?: Freeze;
  rollout?: RolloutState;
  rollback?: RollbackState;
  halted?: HaltState;
  resumed?: ResumedState;
  opened?: OpenedState;
  promotion?: PromotionState;
  /**
   * Stepping stones to a version that accepts only newer ones: versions that the channel never pointed to and may lead machines through all the same.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: An exact version, as the product counts them: no `v` in front, no range, no build metadata.
   */
  via?: string[];
  /**
   * Warn when `promotion.from` has moved on and this channel has not for this long.
   */
  staleAfter?: string;
  acknowledge?: Acknowledge;
}
/**
 * How a promotion spreads. Without it, everybody gets it at once.
 */
export interface RolloutState {
  /**
   * `steps` opens a wave at once, `linear` evenly over the time since the wave before.
   */
  strategy?: "steps" | "linear";
  waves: Waves;
  /**
   * Waves count from here where the promotion is earlier. For the version that the channel points to; canaries wait for it too.
   */
  startsAt?: string;
  /**
   * What opens the next wave: its time (`time`), or from its time on a person, by a commit that raises `opened` (`manual`), or the gate, once reports prove the waves before it (`healthy`; a person's commit opens it as well).
   */
  advance?: "time" | "healthy" | "manual";
  /**
   * Other waves for urgent releases. Canaries, gate and `startsAt` hold for them too; they open by time.
   */
  bySeverity?: {
    security: SeverityWavesState;
  };
  canary?: CanaryState;
  gate?: GateState;
}
/**
 * From `after` past the promotion on, `percent` of the fleet may have the version.
 */
export interface WaveState {
  /**
   * The share of the fleet that may have the version from then on, counted from the first wave.
   */
  percent: number | string;
  /**
   * When the wave opens, counted from the promotion.
   */
  after: string;
}
/**
 * The waves of versions whose `severity` is `security`.
 */
export interface SeverityWavesState {
  /**
   * `steps` opens a wave at once, `linear` evenly over the time since the wave before.
   */
  strategy?: "steps" | "linear";
  waves: Waves;
}
/**
 * Who gets a version at once, before the waves.
 */
export interface CanaryState {
  /**
   * Groups, as `tenant/group`.
   *
   * @maxItems 1000
   */
  groups?: string[];
  /**
   * Single devices.
   *
   * @maxItems 10000
   *
   * Items: The id of one device, as `fairlead-agent status` shows it.
   */
  devices?: string[];
  /**
   * The first of each platform, or of each site, by their place in the queue for the version: a share of the fleet, so that canaries cover what it has.
   */
  share?: number | string;
  /**
   * What the share has to cover; `fairlead plan --inventory` says where it reaches nobody.
   */
  of?: "platform" | "site";
}
/**
 * When reports halt a rollout, and when they prove it: [the gate](gate.md). `fairlead simulate --runs 200` shows what it would do. A halt is part of the signed policy and ends by a commit: the channel moves on, or `resumed`.
 */
export interface GateState {
  /**
   * The share of devices on which an update may fail. A rollout is halted when the failures could hardly come about within it.
   */
  maxFailureRate: number | string;
  /**
   * Reports that are needed before a version is proven. A halt needs no minimum: with a limit of 2% two failures of two halt.
   */
  minReports: number;
  /**
   * A device that was offered the version and says nothing for this long counts as failed (cause `silent`).
   */
  silentAfter?: string;
  /**
   * How sure the gate is before it halts: a version within `maxFailureRate` is ever halted with a chance of at most the rest to 100%, however often reports come. Above 50% and below 100%. Without it, 95%.
   */
  confidence?: number | string;
  /**
   * Causes of failure that count, in place of those that speak against the release (`self-test-failed` to `silent` in this list). A failure of another cause is shown and left out of the rate; one without a known cause always counts.
   *
   * @minItems 1
   */
  causes?: (
    | "self-test-failed"
    | "confirm-failed"
    | "bad-binary"
    | "crash-loop"
    | "wrong-arch"
    | "restart-race"
    | "silent"
    | "disk-full"
    | "network"
    | "not-writable"
    | "noexec"
    | "tls-interception"
    | "antivirus"
    | "locked"
    | "clock-skew"
    | "interrupted"
  )[];
  /**
   * How much of the failures one tenant may have: a tenant with more counts in part, so that nobody halts the fleet alone. What would halt but for it waits for a person. Without effect where only one tenant takes part. Without it, 50%.
   */
  maxTenantShare?: number | string;
  /**
   * What else must hold while the version spreads, so that one that installs well and works badly is stopped too. The controller asks; a failed check halts, and without an answer nothing is proven.
   *
   * @minItems 1
   * @maxItems 20
   */
  checks?: CheckState[];
}
/**
 * One question about the running version: a Prometheus query or an HTTP probe, one of the two.
 */
export interface CheckState {
  /**
   * What messages call it; each name once.
   */
  name: string;
  prometheus?: PrometheusCheckState;
  http?: HttpCheckState;
  /**
   * For how long it must have failed without a break before it halts, so that one bad moment does not.
   */
  window?: string;
}
/**
 * An instant query. Its answer is one number: a scalar, or a vector with one sample; another answer, or none, is inconclusive.
 */
export interface PrometheusCheckState {
  /**
   * The Prometheus server, as the controller reaches it. Without it, the one that the controller is set to. Without user and password: the controller's settings hold them.
   */
  url?: string;
  /**
   * PromQL. `{{product}}`, `{{channel}}` and `{{version}}` stand for what is rolled out.
   */
  query: string;
  threshold: ThresholdState;
}
/**
 * Within what the number passes, both ends included.
 */
export interface ThresholdState {
  /**
   * It must be at least this.
   */
  min?: number;
  /**
   * It must be at most this.
   */
  max?: number;
}
/**
 * A GET request. Another status fails; no answer is inconclusive.
 */
export interface HttpCheckState {
  /**
   * What to ask, as the controller reaches it; `{{product}}`, `{{channel}}` and `{{version}}` stand for what is rolled out.
   */
  url: string;
  /**
   * The status that passes; without it, 200 to 299.
   */
  status?: number;
}
/**
 * A declared downgrade: devices on exactly these versions may go down to what the channel offers.
 */
export interface RollbackState {
  /**
   * The versions to leave.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: An exact version, as the product counts them: no `v` in front, no range, no build metadata.
   */
  from: string[];
  /**
   * Why, for whoever reads this later.
   */
  reason?: string;
}
/**
 * The rollout of this version is stopped: nobody else gets it.
 */
export interface HaltState {
  /**
   * The version that is stopped. This ends when the channel points to another, or with a commit that removes it; a halt by the gate holds beside it (`resumed`).
   */
  version: string;
  /**
   * Why, for whoever reads this later.
   */
  reason: string;
}
/**
 * Somebody has looked at a halt by the gate, and this version goes on: halts up to `at` have ended, and the gate counts only what devices report after it. It may halt again. `fairlead resume --halt` writes it. For another version it has no effect.
 */
export interface ResumedState {
  /**
   * The version that goes on.
   */
  version: string;
  /**
   * Until when reports were looked at: halts of later ones hold.
   */
  at: string;
  reason: string;
}
/**
 * How many waves of this version a person has opened; for `rollout.advance` other than `time`. With `healthy` the gate opens more by itself. `fairlead advance` writes it. For another version it has no effect.
 */
export interface OpenedState {
  /**
   * An exact version, as the product counts them: no `v` in front, no range, no build metadata.
   */
  version: string;
  /**
   * Waves that are open, counted from the first.
   */
  waves: number;
}
/**
 * When this channel should follow another: what `fairlead promote --due` proposes, and the controller itself with `propose: branch`.
 */
export interface PromotionState {
  /**
   * The channel that it follows.
   */
  from: string;
  /**
   * How long a version must have been in that channel.
   */
  soak?: string;
  /**
   * Devices that must have proved the version healthy.
   */
  minHealthy?: number;
}
/**
 * One version of a product: `products/<product>/versions/<version>.yaml`. Once it is published, only keys with `afterPublication` may change; its bytes never do.
 */
export interface VersionState {
  /**
   * The version that the file is about; the file is named after it.
   */
  version: string;
  /**
   * `false` yanks the version: it is offered to nobody.
   */
  active?: boolean;
  /**
   * Why it was yanked, or why it was made active again.
   */
  yankReason?: string;
  /**
   * What changed, for people.
   */
  releaseNotes?: string;
  /**
   * `security`: freezes that except security let it through, and `rollout.bySeverity` may give it waves of its own. Signed with the release.
   */
  severity?: "normal" | "security";
  /**
   * Installed versions that may step to this one directly; others go through an earlier version that does. Signed by the release key. Where all later versions would have to say the same, `barrier` says it once.
   */
  upgradeFrom?: string;
  /**
   * Everybody older passes through this version on the way to a later one: `true`, or an object with the reason. Signed by the release key, so that later versions need not repeat it in `upgradeFrom`; it may be found out and added after they were published. Only a signed yank lifts it.
   */
  barrier?: boolean | BarrierWithReason;
  deadEnd?: DeadEndState;
  /**
   * Versions that this one may be rolled back to. Signed by the release key; without it, none.
   */
  rollbackTo?: string;
  /**
   * `false`: the version stays where it is, and no further channel may point to it; one that moved on and comes back counts as a further one.
   */
  promotable?: boolean;
  /**
   * What a machine must have for any artifact of this version to run; an artifact may say more.
   */
  requires?: RequiresState;
  /**
   * The files of this version, one for each platform and format.
   *
   * @minItems 1
   * @maxItems 100
   */
  artifacts: ArtifactState[];
  acknowledge?: Acknowledge;
}
/**
 * A barrier that says why.
 */
export interface BarrierWithReason {
  /**
   * Why, for whoever reads this later.
   */
  reason: string;
}
/**
 * No way leads up from this version: machines that run it stay, and say why, and no other is sent there. Signed by the release key; may be added after publication. A declared `rollback` still leads away.
 */
export interface DeadEndState {
  /**
   * Why, for whoever reads this later.
   */
  reason: string;
  /**
   * Where a person reads what to do.
   */
  url?: string;
}
/**
 * What a machine must have for this version to run on it. Signed by the release key. An agent whose machine lacks something refuses before it downloads, and says both values; where an earlier version of the channel fits, it takes that.
 */
export interface RequiresState {
  /**
   * The GNU C library: `>=2.31`.
   */
  glibc?: string;
  /**
   * The musl C library.
   */
  musl?: string;
  /**
   * The kernel's own version: `>=4.18`.
   */
  kernel?: string;
  /**
   * Linux distributions by their `ID` of /etc/os-release, each with the range of its `VERSION_ID`. Others are refused.
   */
  os?: {
    /**
     * A range of a fact that is counted: numbers parted by dots, with comparators as in `>=2.31` or `>=5.10 <6.0`, alternatives joined by `||`.
     */
    [k: string]: string;
  };
  /**
   * The version of macOS: `>=12.0`.
   */
  macos?: string;
  /**
   * The build of Windows: `>=17763`.
   */
  windowsBuild?: string;
  /**
   * Features of the processor, as the kernel names them.
   *
   * @minItems 1
   * @maxItems 50
   */
  cpu?: string[];
  /**
   * Memory that the machine must have in all.
   */
  memory?: number | string;
  /**
   * Free space where it is installed, beside what the update itself takes.
   */
  disk?: number | string;
}
/**
 * How the file is made out of an earlier one.
 */
export interface DeltaState {
  /**
   * SHA-256 of the earlier file.
   */
  from: string;
  /**
   * Where the delta is: an https URL, or a path below the state repository's root.
   */
  url: string;
  /**
   * Bytes of the delta.
   */
  size: number;
  /**
   * SHA-256 of the delta, 64 lower-case hexadecimal digits.
   */
  sha256: string;
}
/**
 * One tenant: `tenants/<tenant>.yaml`.
 */
export interface TenantState {
  /**
   * The channel that devices of this tenant follow.
   */
  channel?: string;
  /**
   * `true`, or an object with the reason. Nothing under this scope is updated while it stands, whatever else says.
   */
  paused?: boolean | PauseWithReason;
  /**
   * `false`: say that an update waits and install it only on request.
   */
  autoUpdate?: boolean;
  window?: WindowState;
  freeze?: Freeze;
  /**
   * Whether a machine may choose its own channel, version (pin) and autoUpdate.
   */
  localOverrides?: "allow" | "deny";
  products?: Products;
  /**
   * Places of the tenant.
   */
  sites?: {
    [k: string]: ScopeState;
  };
  /**
   * Groups of devices; the first that speaks wins.
   */
  groups?: {
    [k: string]: GroupState;
  };
  /**
   * Single devices, by id.
   */
  devices?: {
    [k: string]: ScopeState;
  };
  /**
   * Names that the tenant had before, newest first. It goes on answering to each: machines that enrolled under one find the same settings, and take the present name over with a check-in. A name is taken out when no machine asks for it any more (`fairlead status` counts those that check in): with an entry in `removed` of fleet.yaml, as `fairlead tenant remove` does.
   *
   * @maxItems 50
   *
   * Items: Lower-case letters, digits and dashes; starts with a letter; at most 63 characters.
   */
  formerly?: string[];
  acknowledge?: Acknowledge;
}
/**
 * What this scope says about one product only; nearer than what it says about all.
 */
export interface Products {
  [k: string]: SettingsState;
}
/**
 * What this scope says about one product.
 */
export interface SettingsState {
  /**
   * The channel that devices of this scope follow.
   */
  channel?: string;
  pin?: PinState;
  /**
   * `true`, or an object with the reason. Nothing under this scope is updated while it stands, whatever else says.
   */
  paused?: boolean | PauseWithReason;
  /**
   * `false`: say that an update waits and install it only on request.
   */
  autoUpdate?: boolean;
  window?: WindowState;
  freeze?: Freeze;
  /**
   * Whether a machine may choose its own channel, version (pin) and autoUpdate.
   */
  localOverrides?: "allow" | "deny";
}
/**
 * An exact version for this scope. The nearest pin wins over the channel.
 */
export interface PinState {
  /**
   * The version that the scope is held at.
   */
  version: string;
  /**
   * Why, for whoever reads this later.
   */
  reason?: string;
  /**
   * Who answers for it: a mail address or a team.
   */
  owner?: string;
  /**
   * Until when it holds: a date (until it begins, UTC) or a date and time with a zone.
   */
  expires?: string;
}
/**
 * A site or a device: the same keys as the tenant.
 */
export interface ScopeState {
  /**
   * The channel that devices of this scope follow.
   */
  channel?: string;
  /**
   * `true`, or an object with the reason. Nothing under this scope is updated while it stands, whatever else says.
   */
  paused?: boolean | PauseWithReason;
  /**
   * `false`: say that an update waits and install it only on request.
   */
  autoUpdate?: boolean;
  window?: WindowState;
  freeze?: Freeze;
  /**
   * Whether a machine may choose its own channel, version (pin) and autoUpdate.
   */
  localOverrides?: "allow" | "deny";
  products?: Products;
}
/**
 * A group of devices. Where a device is in several, the one listed first wins.
 */
export interface GroupState {
  /**
   * The channel that devices of this scope follow.
   */
  channel?: string;
  /**
   * `true`, or an object with the reason. Nothing under this scope is updated while it stands, whatever else says.
   */
  paused?: boolean | PauseWithReason;
  /**
   * `false`: say that an update waits and install it only on request.
   */
  autoUpdate?: boolean;
  window?: WindowState;
  freeze?: Freeze;
  /**
   * Whether a machine may choose its own channel, version (pin) and autoUpdate.
   */
  localOverrides?: "allow" | "deny";
  products?: Products;
  /**
   * The devices in this group.
   *
   * @maxItems 100000
   *
   * Items: The id of one device, as `fairlead-agent status` shows it.
   */
  devices?: string[];
  /**
   * Devices with all of these labels and facts are in the group too, beside the listed ones. A key is a label given at enrolment, or a fact such as `facts.platform`, `facts.os` or `facts.glibc`; a value is one, or a list of which one must hold. Facts that are counted take a range.
   */
  match?: {
    [k: string]: string | string[];
  };
}
/**
 * What must hold of the fleet, as tests: `expectations/<name>.yaml`. `fairlead validate`, `plan` and `expect` check them by the decisions that machines will make; the manifest does not have them, and no machine waits for them. docs/expectations.md tells how to write some.
 */
export interface ExpectationsState {
  /**
   * The expectations, each for itself.
   *
   * @minItems 1
   * @maxItems 1000
   */
  expect: ExpectationState[];
  acknowledge?: Acknowledge;
}
/**
 * One expectation: for whom, when, and exactly one of `decides`, `never`, `atMost` and `notDuring`.
 */
export interface ExpectationState {
  /**
   * What is expected, in a sentence that stands in every message about it. No two in a file say the same.
   */
  that: string;
  /**
   * Why, for whoever reads this later.
   */
  reason?: string;
  /**
   * Who answers for it: a mail address or a team.
   */
  owner?: string;
  for?: ExpectedScopeState;
  /**
   * The one time at which it is looked at. Without `at`, `from` and `until` it holds from now on, for good.
   */
  at?: string;
  /**
   * From when on it holds; now, when absent.
   */
  from?: string;
  /**
   * Until when it holds. A date alone ends it as that day begins, UTC.
   */
  until?: string;
  decides?: ExpectedOutcomeState;
  never?: ForbiddenOutcomeState;
  atMost?: ExpectedPaceState;
  notDuring?: ExpectedQuietState;
}
/**
 * For which machines an expectation is; all of the fleet when absent. A machine must fit every key that is given.
 */
export interface ExpectedScopeState {
  /**
   * One product; every product when absent.
   */
  product?: string;
  /**
   * Those that follow this channel.
   */
  channel?: string;
  /**
   * Those of this tenant.
   */
  tenant?: string;
  /**
   * Those at this site of the tenant.
   */
  site?: string;
  /**
   * Those in this group of the tenant.
   */
  group?: string;
  /**
   * This machine alone.
   */
  device?: string;
  /**
   * Operating system and architecture, as node names them.
   */
  platform?: string;
  /**
   * Those with all of these labels; of several values, one must hold.
   */
  labels?: {
    [k: string]: string | string[];
  };
  /**
   * Those that run this version. Without an inventory the machines are taken to run it; when absent, what the channel had before its last promotion.
   */
  installed?: string;
  except?: ExpectedExceptionState;
}
/**
 * Who is left out of it.
 */
export interface ExpectedExceptionState {
  /**
   * Tenants.
   *
   * @minItems 1
   * @maxItems 1000
   *
   * Items: The name of a channel, product, site or group.
   */
  tenants?: string[];
  /**
   * Sites of the tenant.
   *
   * @minItems 1
   * @maxItems 10000
   *
   * Items: The name of a channel, product, site or group.
   */
  sites?: string[];
  /**
   * Groups of the tenant.
   *
   * @minItems 1
   * @maxItems 1000
   *
   * Items: The name of a channel, product, site or group.
   */
  groups?: string[];
  /**
   * Single machines.
   *
   * @minItems 1
   * @maxItems 10000
   *
   * Items: The id of one device, as `fairlead-agent status` shows it.
   */
  devices?: string[];
}
/**
 * What must be decided for each of the machines, all the time. Every key that is given must hold.
 */
export interface ExpectedOutcomeState {
  /**
   * The version that the machines run: one, or a range.
   */
  version?: string;
  /**
   * The channel that they follow.
   */
  channel?: string;
  /**
   * What is decided for them: `stay` (they run what they should), `update` or `rollback`, `hold` (something keeps them from a version that is there for them: a pause, halt, freeze, window, wave, or that nobody asked), `paused` (a pause does), `refuse` (what is offered cannot be taken).
   */
  action?: "stay" | "update" | "rollback" | "hold" | "paused" | "refuse";
}
/**
 * What must be decided for none of them at any time. With several keys, all together.
 */
export interface ForbiddenOutcomeState {
  /**
   * The version that the machines run: one, or a range.
   */
  version?: string;
  /**
   * The channel that they follow.
   */
  channel?: string;
  /**
   * What is decided for them: `stay` (they run what they should), `update` or `rollback`, `hold` (something keeps them from a version that is there for them: a pause, halt, freeze, window, wave, or that nobody asked), `paused` (a pause does), `refuse` (what is offered cannot be taken).
   */
  action?: "stay" | "update" | "rollback" | "hold" | "paused" | "refuse";
}
/**
 * How many may change their version in a span of time. With an inventory, real machines are counted, and one may always go; without one, each tenant is taken as a whole (each site or group where `of` says so) and counted by its waves, from the last promotion of its channel on.
 */
export interface ExpectedPaceState {
  /**
   * The largest share that may.
   */
  share: number | string;
  /**
   * Of what it is the largest share: of each tenant, each site and so on, counted for each product.
   */
  of?: "fleet" | "tenant" | "site" | "group" | "channel" | "platform";
  /**
   * The span of time, wherever it begins.
   */
  within: string;
}
/**
 * When no machine may change its version.
 */
export interface ExpectedQuietState {
  /**
   * The days on which it begins.
   *
   * @minItems 1
   * @maxItems 7
   */
  days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
  /**
   * Wall-clock time at which it begins, 24 hours.
   */
  start: string;
  /**
   * How long it lasts; at most a day.
   */
  duration: string;
  /**
   * A time zone of the IANA database.
   */
  timeZone: string;
}
