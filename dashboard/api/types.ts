// Generated from the schemas of the API's routes by `npm run generate`. Do not edit.

export type RollbackAgentBody = {
  /**
   * Needed where the device has several.
   */
  product?: string;
} | null;
export type UpdateAgentBody = {
  /**
   * Needed where the device has several.
   */
  product?: string;
} | null;

export interface Accept {
  /**
   * Full id of the held commit.
   */
  commit: string;
}
/**
 * It will take the place of the served one.
 */
export interface Accepted {
  commit: string;
  servedCommit: string;
}
export interface ListAgentsQuery {
  /**
   * Only what is of this tenant.
   */
  tenant?: string;
  /**
   * At this site.
   */
  site?: string;
  /**
   * With this label: `ring=canary`.
   */
  label?: string;
  /**
   * `linux-x64`, `darwin-arm64`, ...
   */
  platform?: string;
  /**
   * With this product; what is said of versions and channels is of it.
   */
  product?: string;
  /**
   * That runs this version.
   */
  version?: string;
  /**
   * That this channel applied to at the last check-in.
   */
  channel?: string;
  /**
   * `current`: runs what its channel offers. `behind`: is offered something else. `updating`: an installation is under way. `failed`: its last attempt failed. `refused`: below a minimum version. `cloned`: its key was seen in two places. `silent`: not seen for a day. `gone`: not seen for 30 days.
   */
  state?: "current" | "behind" | "updating" | "failed" | "refused" | "cloned" | "silent" | "gone";
  /**
   * Whose last attempt failed for this.
   */
  cause?:
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
    | "interrupted";
  /**
   * Part of the id, of the tenant, of the site or of a label's value.
   */
  search?: string;
  /**
   * How many rows at most; 100 when absent.
   */
  limit?: number;
  /**
   * `next` of the page before.
   */
  after?: string;
}
/**
 * Machines that all of the filters let through.
 */
export interface ListAgentsAnswer {
  agents: Device[];
  /**
   * `after` of the next page; absent on the last.
   */
  next?: string;
}
/**
 * As it is now.
 */
export interface Device {
  id: string;
  tenant: string | null;
  site: string | null;
  labels: {
    [k: string]: string;
  };
  publicKey?: string;
  keyGeneration?: number;
  platform: string;
  facts?: {
    [k: string]: unknown;
  } | null;
  agentVersion?: string;
  /**
   * Seconds since 1970.
   */
  enrolledAt: number;
  /**
   * `null`: it never checked in.
   */
  lastSeenAt: number | null;
  lastSequence?: number;
  /**
   * Its clock minus the controller's, seconds.
   */
  clockSkew?: number;
  address?: string | null;
  /**
   * Since when its key was seen in two places.
   */
  clonedSince?: number | null;
  /**
   * The device that it is a copy of.
   */
  copyOf?: string | null;
  /**
   * The minimum version that it was below at its last check-in.
   */
  belowMinimum?: string | null;
  installations: {
    product: string;
    format: string;
    /**
     * `null`: it is not installed.
     */
    installed: {
      version?: string;
      digest?: string;
    } | null;
    /**
     * Since when this version has been seen there.
     */
    since: number;
    /**
     * `idle`, or where an installation stands.
     */
    journal: string;
    /**
     * The machine's own choice.
     */
    channel?: string;
    /**
     * The version that the machine keeps to by its own choice.
     */
    pin?: string;
    /**
     * The machine's own choice; absent: what policy says.
     */
    autoUpdate?: boolean;
    /**
     * The channel that applied at the last check-in.
     */
    appliedChannel?: string | null;
    newestConfirmed?: string;
    /**
     * When it last verified a manifest, by its own clock.
     */
    lastCheckAt?: number;
    blocked?: {
      version?: string;
      reason?: string;
      /**
       * Seconds since 1970.
       */
      until?: number;
    }[];
    /**
     * What the machine itself decided.
     */
    decision?: {
      [k: string]: unknown;
    };
    /**
     * Why its last look at the manifest came to nothing.
     */
    failedCheck?: {
      /**
       * Seconds since 1970.
       */
      at?: number;
      code?: string;
      message?: string;
    };
  }[];
}
export interface CountAgentsQuery {
  /**
   * Only what is of this tenant.
   */
  tenant?: string;
  /**
   * At this site.
   */
  site?: string;
  /**
   * With this label: `ring=canary`.
   */
  label?: string;
  /**
   * `linux-x64`, `darwin-arm64`, ...
   */
  platform?: string;
  /**
   * With this product; what is said of versions and channels is of it.
   */
  product?: string;
  /**
   * That runs this version.
   */
  version?: string;
  /**
   * That this channel applied to at the last check-in.
   */
  channel?: string;
  /**
   * `current`: runs what its channel offers. `behind`: is offered something else. `updating`: an installation is under way. `failed`: its last attempt failed. `refused`: below a minimum version. `cloned`: its key was seen in two places. `silent`: not seen for a day. `gone`: not seen for 30 days.
   */
  state?: "current" | "behind" | "updating" | "failed" | "refused" | "cloned" | "silent" | "gone";
  /**
   * Whose last attempt failed for this.
   */
  cause?:
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
    | "interrupted";
  /**
   * Part of the id, of the tenant, of the site or of a label's value.
   */
  search?: string;
}
/**
 * How many there are, by state.
 */
export interface DeviceCounts {
  current: number;
  behind: number;
  updating: number;
  failed: number;
  refused: number;
  cloned: number;
  silent: number;
  gone: number;
}
export interface ListAttemptsOfAgentQuery {
  /**
   * How many rows at most; 100 when absent.
   */
  limit?: number;
  /**
   * `next` of the page before.
   */
  after?: string;
}
/**
 * Its attempts.
 */
export interface ListAttemptsOfAgentAnswer {
  attempts: Attempt[];
  /**
   * `after` of the next page; absent on the last.
   */
  next?: string;
}
export interface Attempt {
  id: string;
  device: string;
  product: string;
  kind?: "update" | "rollback";
  from?: string | null;
  to: string;
  toDigest?: string;
  /**
   * By the machine's clock.
   */
  startedAt?: number;
  /**
   * By the machine's clock.
   */
  endedAt?: number;
  /**
   * When the controller heard of it.
   */
  reportedAt: number;
  /**
   * The last that it reached.
   */
  step?: "downloading" | "verified" | "staged" | "self-tested" | "swapped" | "confirming" | "confirmed";
  outcome: "confirmed" | "rolled-back" | "not-restored" | "failed";
  cause?:
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
    | "interrupted";
  code?: string;
  message?: string;
  /**
   * The tail of what the program said.
   */
  log?: string;
  /**
   * The request that asked for it.
   */
  request?: string;
  /**
   * What its failure is grouped under.
   */
  signature?: string | null;
}
export interface ExplainAgentQuery {
  /**
   * Needed where the device has several.
   */
  product?: string;
}
/**
 * What the controller decides for a product on the device, now.
 */
export interface Explanation {
  product: string;
  installed: string | null;
  /**
   * Seconds since 1970.
   */
  at: number;
  /**
   * Of the manifest that is served.
   */
  commit?: string;
  decision: {
    action: "paused" | "none" | "stay" | "refuse" | "wait" | "update" | "rollback";
    /**
     * Each rule that spoke, in order.
     */
    trail: {
      rule?: string;
      outcome?: string;
      text?: string;
      where?: string;
    }[];
    [k: string]: unknown;
  };
  /**
   * What the machine itself decided at its last check-in.
   */
  reported?: {
    [k: string]: unknown;
  };
}
/**
 * As it is now.
 */
export interface Request {
  id: string;
  device: string;
  kind: "update" | "rollback" | "look";
  product?: string;
  /**
   * Seconds since 1970.
   */
  askedAt: number;
  askedBy: string;
  /**
   * Seconds since 1970.
   */
  expiresAt: number;
  deliveries: number;
  /**
   * When it was last in an answer to the device.
   */
  deliveredAt?: number | null;
  /**
   * Seconds since 1970.
   */
  endedAt?: number | null;
  result: "done" | "nothing-to-do" | "refused" | "failed" | "cancelled" | "expired" | null;
  /**
   * What the device said of it.
   */
  text?: string | null;
}
export interface MoveBody {
  /**
   * `null`: none. Absent: as it is.
   */
  tenant?: string | null;
  /**
   * `null`: none. Absent: as it is, and none where the tenant changes.
   */
  site?: string | null;
  /**
   * All of its labels from now on. Absent: as they are.
   */
  labels?: {
    [k: string]: string;
  };
}
export interface ListAttemptsQuery {
  /**
   * Only what is of this tenant.
   */
  tenant?: string;
  /**
   * Of this product.
   */
  product?: string;
  /**
   * To this version.
   */
  version?: string;
  /**
   * Whether they failed.
   */
  failed?: boolean;
  /**
   * How many rows at most; 100 when absent.
   */
  limit?: number;
  /**
   * `next` of the page before.
   */
  after?: string;
}
/**
 * Attempts that all of the filters let through.
 */
export interface ListAttemptsAnswer {
  attempts: Attempt[];
  /**
   * `after` of the next page; absent on the last.
   */
  next?: string;
}
export interface ListAuditQuery {
  /**
   * How many rows at most; 100 when absent.
   */
  limit?: number;
  /**
   * `next` of the page before.
   */
  after?: string;
}
/**
 * Entries of the audit log.
 */
export interface ListAuditAnswer {
  entries: AuditEntry[];
  /**
   * `after` of the next page; absent on the last.
   */
  next?: string;
}
export interface AuditEntry {
  /**
   * Names the entry; the same each time.
   */
  id: string;
  /**
   * Its number; only for those who may see all tenants.
   */
  sequence?: number;
  /**
   * Seconds since 1970.
   */
  at: number;
  actor: {
    name?: string;
    from?: string;
  };
  /**
   * `request.update`, `device.move`, ...
   */
  action: string;
  /**
   * What it was done to: `device d-7f3a...`.
   */
  subject: string;
  tenant?: string | null;
  /**
   * As it was; `null`: it was not there.
   */
  before?: {
    [k: string]: unknown;
  };
  /**
   * As it is since; `null`: it is gone.
   */
  after?: {
    [k: string]: unknown;
  };
}
export interface InventoryQuery {
  /**
   * Only what is of this tenant.
   */
  tenant?: string;
  /**
   * Only this machine.
   */
  device?: string;
  /**
   * How many rows at most; 100 when absent.
   */
  limit?: number;
  /**
   * `next` of the page before.
   */
  after?: string;
}
/**
 * Records as schemas/inventory.schema.json has them.
 */
export interface InventoryAnswer {
  /**
   * Items: One product on one device.
   */
  records: {
    /**
     * The id of the device.
     */
    device: string;
    /**
     * Operating system and architecture, as node names them.
     */
    platform: string;
    /**
     * The tenant that the device belongs to.
     */
    tenant?: string;
    /**
     * The site of the tenant.
     */
    site?: string;
    /**
     * The product that the rest of the record is about.
     */
    product: string;
    /**
     * The installed version; absent, `null` or an empty CSV cell when the product is not there.
     */
    installed?: string | null;
    /**
     * The newest version that ever proved healthy on the device, where that is not the installed one: what its release may be rolled back to still holds.
     */
    newestConfirmed?: string;
    /**
     * The channel that was chosen on the machine itself, where one was.
     */
    channel?: string;
    /**
     * The version that was pinned on the machine itself, where one was.
     */
    pin?: string;
    /**
     * Whether it installs by itself, where that was chosen on the machine.
     */
    autoUpdate?: boolean;
    /**
     * When the device last checked in: a date and time with a zone.
     */
    lastSeen?: string;
    /**
     * How the last update to the installed version went.
     */
    outcome?: "confirmed" | "failed";
    /**
     * The device's labels; in CSV a column for each, such as `labels.ring`.
     */
    labels?: {
      [k: string]: string;
    };
    facts?: InventoryFacts;
  }[];
  /**
   * `after` of the next page; absent on the last.
   */
  next?: string;
}
/**
 * What is known of the machine, as `fairlead-agent facts --json` says it; in CSV a column for each, such as `facts.glibc`.
 */
export interface InventoryFacts {
  /**
   * `ID` of /etc/os-release, `macos` or `windows`.
   */
  os?: string;
  /**
   * Its version.
   */
  osVersion?: string;
  /**
   * Version of the GNU C library.
   */
  glibc?: string;
  /**
   * Version of the musl C library.
   */
  musl?: string;
  /**
   * Version of the kernel.
   */
  kernel?: string;
  /**
   * Version of macOS.
   */
  macos?: string;
  /**
   * Build of Windows.
   */
  windowsBuild?: string;
  /**
   * Features of the processor; in CSV parted by spaces.
   *
   * @maxItems 500
   */
  cpu?: string[];
  /**
   * Bytes of memory.
   */
  memory?: number;
  /**
   * Free bytes where the product is installed.
   */
  disk?: number;
}
/**
 * Who asks, and what that person may do.
 */
export interface Caller {
  /**
   * `operator`: by the operator's token. `local`: without a token.
   */
  name: string;
  role: "viewer" | "operator" | "admin";
  /**
   * Those that the person may know of; `null`: all.
   */
  tenants: string[] | null;
  /**
   * Without a token one may only look, whatever the role is.
   */
  readOnly: boolean;
  /**
   * Whether this controller knows machines.
   */
  fleet: boolean;
  /**
   * Of the controller.
   */
  version: string;
}
/**
 * As the manifest that is served has them.
 */
export interface ListOverlaysAnswer {
  commit: string;
  overlays: Overlay[];
}
export interface Overlay {
  kind: "halt" | "opened";
  product: string;
  channel: string;
  version: string;
  /**
   * The commit that promoted it.
   */
  commit: string;
  /**
   * Of a halt.
   */
  reason?: string;
  /**
   * Of `opened`: how many are open.
   */
  waves?: number;
  /**
   * Seconds since 1970.
   */
  at: number;
}
/**
 * Each version that machines run, and whether a signed way leads from it to what its channel offers.
 */
export interface Paths {
  commit: string;
  /**
   * Machines that were looked at.
   */
  devices: number;
  /**
   * Versions without a way; one for each platform and channel.
   */
  stranded: number;
  strandedDevices: number;
  ways: {
    product: string;
    channel: string | null;
    platform: string;
    version: string;
    devices: number;
    standing: "current" | "way" | "ahead" | "nothing-offered" | "stranded";
    target?: string;
    text: string;
  }[];
}
/**
 * Everybody but whoever has the operator's token.
 */
export interface ListPeopleAnswer {
  people: Person[];
}
export interface Person {
  name: string;
  role: "viewer" | "operator" | "admin";
  /**
   * Those that the person may know of; `null`: all.
   */
  tenants: string[] | null;
  /**
   * Seconds since 1970.
   */
  createdAt: number;
  /**
   * `null`: never.
   */
  expiresAt: number | null;
}
export interface PersonBody {
  name: string;
  /**
   * Each may do what those before it may.
   */
  role: "viewer" | "operator" | "admin";
  /**
   * All that the person may know of; absent: everything.
   *
   * @minItems 1
   * @maxItems 1000
   */
  tenants?: string[];
  /**
   * Seconds since 1970; absent: never.
   */
  expiresAt?: number;
}
/**
 * The person and the token.
 */
export interface AddPersonAnswer {
  person: Person;
  token: string;
}
export interface ListRequestsQuery {
  /**
   * Only what is of this tenant.
   */
  tenant?: string;
  /**
   * To this device.
   */
  device?: string;
  /**
   * Whether they still wait for the device.
   */
  open?: boolean;
  /**
   * How many rows at most; 100 when absent.
   */
  limit?: number;
  /**
   * `next` of the page before.
   */
  after?: string;
}
/**
 * Requests that all of the filters let through.
 */
export interface ListRequestsAnswer {
  requests: Request[];
  /**
   * `after` of the next page; absent on the last.
   */
  next?: string;
}
/**
 * What each channel points to, and what it pointed to before as long as that is kept.
 */
export interface ListRolloutsAnswer {
  rollouts: Rollout[];
}
export interface Rollout {
  product: string;
  channel: string;
  version: string;
  commit: string;
  state: "pending" | "canary" | "active" | "held" | "halted" | "done";
  /**
   * One sentence, also when nothing changes.
   */
  reason: string;
  /**
   * Seconds since 1970.
   */
  since: number;
  /**
   * When something happens next by itself.
   */
  nextAt?: number | null;
  /**
   * Share of the channel that may have it, parts per million.
   */
  allowed: number;
}
/**
 * How a promotion stands.
 */
export interface RolloutReport {
  product: string;
  channel: string;
  version: string;
  commit: string;
  state: "pending" | "canary" | "active" | "held" | "halted" | "done";
  /**
   * One sentence, also when nothing changes.
   */
  reason: string;
  /**
   * Seconds since 1970.
   */
  since: number;
  /**
   * When something happens next by itself.
   */
  nextAt?: number | null;
  /**
   * Share of the channel that may have it, parts per million.
   */
  allowed: number;
  /**
   * Machines that follow the channel.
   */
  devices: number;
  /**
   * Of them, those that run the version.
   */
  running: number;
  tally: {
    /**
     * Devices that were offered it, in all.
     */
    offered?: number;
    confirmed?: number;
    failed?: number;
    /**
     * Failed for a cause of the machine.
     */
    excused?: number;
    /**
     * Said nothing until the gate's deadline.
     */
    silent?: number;
    /**
     * Were offered it within the last hour, and are taken to be at it.
     */
    underWay?: number;
  };
  byPlatform: {
    platform?: string;
    /**
     * Devices that were offered it, in all.
     */
    offered?: number;
    confirmed?: number;
    failed?: number;
    /**
     * Failed for a cause of the machine.
     */
    excused?: number;
    /**
     * Said nothing until the gate's deadline.
     */
    silent?: number;
    /**
     * Were offered it within the last hour, and are taken to be at it.
     */
    underWay?: number;
  }[];
  bySite: {
    tenant?: string | null;
    site?: string | null;
    /**
     * Devices that were offered it, in all.
     */
    offered?: number;
    confirmed?: number;
    failed?: number;
    /**
     * Failed for a cause of the machine.
     */
    excused?: number;
    /**
     * Said nothing until the gate's deadline.
     */
    silent?: number;
    /**
     * Were offered it within the last hour, and are taken to be at it.
     */
    underWay?: number;
  }[];
  marks: {
    /**
     * Seconds since 1970.
     */
    at?: number;
    kind?: "began" | "wave" | "held" | "halt" | "resume" | "done" | "replaced";
    text?: string;
  }[];
  /**
   * What the gate and its checks said last; only for those who may see all tenants.
   */
  judgement?: {
    [k: string]: unknown;
  };
  /**
   * How it fails, most machines first.
   */
  signatures?: Signature[];
  /**
   * What failed machines have and healthy ones have not, best explained first.
   */
  shared?: {
    traits?: {
      /**
       * `platform`, `tenant`, `site`, `labels.ring`, `facts.glibc`, ...
       */
      name?: string;
      is?: "equal" | "without";
      value?: string;
    }[];
    /**
     * What exactly the same machines have.
     */
    also?: {
      /**
       * `platform`, `tenant`, `site`, `labels.ring`, `facts.glibc`, ...
       */
      name?: string;
      is?: "equal" | "without";
      value?: string;
    }[];
    failed?: number;
    ofFailed?: number;
    healthy?: number;
    ofHealthy?: number;
    /**
     * Machines with it that have not tried the version.
     */
    more?: number;
    /**
     * Probability that chance alone brings it about, at most.
     */
    chance?: number;
    text?: string;
  }[];
  /**
   * What the manifest says of the channel now.
   */
  served?: {
    halted?: {
      [k: string]: unknown;
    };
    paused?: {
      [k: string]: unknown;
    };
    /**
     * Waves that are open, where time alone opens none.
     */
    opened?: number;
    gate?: {
      [k: string]: unknown;
    };
  };
}
export interface Signature {
  product: string;
  version: string;
  /**
   * The message without numbers, paths and ids.
   */
  signature: string;
  cause:
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
    | "interrupted";
  /**
   * One message as it came.
   */
  example?: string;
  /**
   * Seconds since 1970.
   */
  firstAt?: number;
  /**
   * Seconds since 1970.
   */
  lastAt?: number;
  devices: number;
  byPlatform?: {
    [k: string]: number;
  };
}
export interface ListSignaturesQuery {
  /**
   * Only what is of this tenant.
   */
  tenant?: string;
  /**
   * Of this product.
   */
  product: string;
  /**
   * Of this version.
   */
  version?: string;
  /**
   * How many rows at most; 100 when absent.
   */
  limit?: number;
}
/**
 * Failure signatures.
 */
export interface ListSignaturesAnswer {
  /**
   * @maxItems 1000
   */
  signatures: Signature[];
}
/**
 * What is served, and how the last reconcile ended.
 */
export interface Status {
  ready: boolean;
  degraded: boolean;
  reason?: string;
  /**
   * When the source last answered, seconds since 1970.
   */
  sourceSeenAt?: number;
  /**
   * How many mistakes the last commit was refused for.
   */
  mistakes?: number;
  /**
   * The commit that the manifest comes from.
   */
  commit?: string;
  /**
   * Version of the timestamp role.
   */
  version?: number;
  /**
   * Seconds since 1970.
   */
  signedAt?: number;
  /**
   * Seconds since 1970.
   */
  expiresAt?: number;
  expiries?: {
    /**
     * Seconds since 1970.
     */
    [k: string]: number;
  };
  products?: ProductReport[];
  tenants?: number;
  /**
   * Hosted files that are not what was signed, as far as they were asked for.
   */
  damagedArtifacts?: {
    target: string;
    path: string;
    problem: string;
  }[];
  /**
   * What the controller proposes to git on branches, and nobody has merged.
   */
  proposals?: {
    kind: "halt" | "promotion";
    product: string;
    channel: string;
    version: string;
    branch: string;
    /**
     * Made; there before and left as it is; or not to be made for now, and tried again.
     */
    state: "open" | "found" | "failed";
    /**
     * Of `open`: the commit on the branch.
     */
    commit?: string;
    /**
     * Seconds since 1970.
     */
    at: number;
    failure?: {
      code: string;
      message: string;
      help?: string;
    };
  }[];
  /**
   * Pauses and `autoUpdate: false` of the state, with the commit behind each.
   */
  holds?: {
    kind: "paused" | "no-auto-update";
    scope: string;
    product?: string;
    reason?: string;
    /**
     * Seconds since 1970.
     */
    until?: number;
    file: string;
    line: number;
    origin?: {
      commit: string;
      author: string;
      /**
       * Seconds since 1970.
       */
      at: number;
      subject: string;
    };
  }[];
  outcome?: {
    kind: "published" | "refused" | "held" | "waiting" | "stalled";
    /**
     * Seconds since 1970.
     */
    at: number;
    message: string;
    commit?: string;
    help?: string;
    diagnostics?: {
      [k: string]: unknown;
    }[];
    /**
     * How many more warnings the state acknowledges.
     */
    acknowledged?: number;
  };
}
export interface ProductReport {
  name: string;
  paused?: {
    [k: string]: unknown;
  };
  releases: number;
  yanked: string[];
  channels: ChannelReport[];
}
export interface ChannelReport {
  name: string;
  /**
   * What it points to.
   */
  version: string;
  /**
   * What it offers: an earlier version where that is yanked or a dead end; absent when nothing is left.
   */
  offers?: string;
  /**
   * No machine is sent to what it points to, and those there stay.
   */
  deadEnd?: {
    [k: string]: unknown;
  };
  /**
   * Platforms for which alone what it points to is yanked.
   */
  yankedFor?: string[];
  /**
   * Seconds since 1970.
   */
  since: number;
  /**
   * The commit that promoted it.
   */
  commit: string;
  paused?: {
    [k: string]: unknown;
  };
  halted?: {
    [k: string]: unknown;
  };
  /**
   * It is behind for longer than its `staleAfter`.
   */
  stale?: {
    /**
     * The newer version that waits.
     */
    waiting: string;
    /**
     * The channel that it follows, where it follows one.
     */
    from?: string;
    /**
     * Seconds since 1970.
     */
    since: number;
  };
}
export interface NewToken {
  /**
   * The tenant that devices get; absent: none.
   */
  tenant?: string;
  /**
   * A site of the tenant.
   */
  site?: string;
  /**
   * Labels that devices get; groups select by them.
   */
  labels?: {
    [k: string]: string;
  };
  /**
   * Seconds since 1970; absent: in a week.
   */
  expiresAt?: number;
  /**
   * Devices that may enrol; absent: 1.
   */
  uses?: number;
}
/**
 * The token, for this once.
 */
export interface MadeToken {
  /**
   * What a device enrols with.
   */
  token: string;
  /**
   * How it is named; it opens nothing.
   */
  id: string;
  tenant: string | null;
  site: string | null;
  labels: {
    [k: string]: string;
  };
  /**
   * Seconds since 1970.
   */
  createdAt: number;
  /**
   * Seconds since 1970.
   */
  expiresAt: number;
  usesLeft: number;
}
/**
 * All tokens.
 */
export interface TokenList {
  tokens: Token[];
}
/**
 * A token, without what opens anything.
 */
export interface Token {
  /**
   * How it is named; it opens nothing.
   */
  id: string;
  tenant: string | null;
  site: string | null;
  labels: {
    [k: string]: string;
  };
  /**
   * Seconds since 1970.
   */
  createdAt: number;
  /**
   * Seconds since 1970.
   */
  expiresAt: number;
  usesLeft: number;
  createdBy: string;
  /**
   * Devices that have enrolled with it.
   */
  uses: number;
  /**
   * Seconds since 1970; `null`: it was not.
   */
  revokedAt: number | null;
}
export interface CountVersionsQuery {
  /**
   * Only what is of this tenant.
   */
  tenant?: string;
}
/**
 * Counts.
 */
export interface CountVersionsAnswer {
  versions: VersionCount[];
}
export interface VersionCount {
  /**
   * `null`: it is not installed.
   */
  version: string | null;
  platform: string;
  /**
   * The channel that applied at the last check-in.
   */
  channel: string | null;
  devices: number;
}

/** What can be asked, by its path. */
export interface Reads {
  /** The machines of the fleet, by their ids */
  "/api/v1/agents": { query: ListAgentsQuery; answer: ListAgentsAnswer };
  /** How many machines there are, by state */
  "/api/v1/agents/count": { query: CountAgentsQuery; answer: DeviceCounts };
  /** One machine */
  "/api/v1/agents/{id}": { answer: Device };
  /** What one machine has tried to install, newest first */
  "/api/v1/agents/{id}/attempts": { query: ListAttemptsOfAgentQuery; answer: ListAttemptsOfAgentAnswer };
  /** Why a machine runs what it runs: the trail of the decision, now */
  "/api/v1/agents/{id}/explain": { query: ExplainAgentQuery; answer: Explanation };
  /** What machines have tried to install, newest first */
  "/api/v1/attempts": { query: ListAttemptsQuery; answer: ListAttemptsAnswer };
  /** Every change by a person, newest first */
  "/api/v1/audit": { query: ListAuditQuery; answer: ListAuditAnswer };
  /** What the fleet runs, as `fairlead plan --inventory` reads it */
  "/api/v1/inventory": { query: InventoryQuery; answer: InventoryAnswer };
  /** Who asks, and what that person may do */
  "/api/v1/me": { answer: Caller };
  /** What the controller has added to policy by itself: halts by a gate, and waves that health has opened */
  "/api/v1/overlays": { answer: ListOverlaysAnswer };
  /** Whether a signed way leads from each version that machines run to what their channel offers */
  "/api/v1/paths": { answer: Paths };
  /** Who may sign in, and what each may do */
  "/api/v1/people": { answer: ListPeopleAnswer };
  /** Requests to single machines, newest first */
  "/api/v1/requests": { query: ListRequestsQuery; answer: ListRequestsAnswer };
  /** One request */
  "/api/v1/requests/{id}": { answer: Request };
  /** Promotions and how far each has come */
  "/api/v1/rollouts": { answer: ListRolloutsAnswer };
  /** How the last promotion of a channel stands, and what failed machines share */
  "/api/v1/rollouts/{product}/{channel}": { answer: RolloutReport };
  /** How versions fail: messages that say the same are one line, most machines first */
  "/api/v1/signatures": { query: ListSignaturesQuery; answer: ListSignaturesAnswer };
  /** What is served, and how the last reconcile ended */
  "/api/v1/status": { answer: Status };
  /** The enrolment tokens that there are, without what opens anything */
  "/api/v1/tokens": { answer: TokenList };
  /** How many machines run which version of a product, by platform and channel */
  "/api/v1/versions/{product}": { query: CountVersionsQuery; answer: CountVersionsAnswer };
}

/** What can be done, by its method and path. */
export interface Writes {
  /** Releases a commit that is held because it does not descend from the one that is served */
  "POST /api/v1/accept": { body: Accept; answer: Accepted };
  /** Removes a machine: it has to enrol again */
  "DELETE /api/v1/agents/{id}": { answer: undefined };
  /** Asks a machine to look at the manifest now */
  "POST /api/v1/agents/{id}/look": { answer: Request };
  /** Puts a machine into another tenant or site, or gives it other labels */
  "POST /api/v1/agents/{id}/move": { body: MoveBody; answer: Device };
  /** Asks a machine to go back to the version that it kept */
  "POST /api/v1/agents/{id}/rollback": { body: RollbackAgentBody; answer: Request };
  /** Asks a machine to update now */
  "POST /api/v1/agents/{id}/update": { body: UpdateAgentBody; answer: Request };
  /** Lets somebody sign in; the token is shown once and never kept */
  "POST /api/v1/people": { body: PersonBody; answer: AddPersonAnswer };
  /** Ends what somebody's token opens */
  "DELETE /api/v1/people/{name}": { answer: undefined };
  /** Cancels a request that has not ended */
  "DELETE /api/v1/requests/{id}": { answer: Request };
  /** Makes an enrolment token */
  "POST /api/v1/tokens": { body: NewToken; answer: MadeToken };
  /** Revokes an enrolment token: nobody enrols with it any more */
  "DELETE /api/v1/tokens/{id}": { answer: Token };
}
