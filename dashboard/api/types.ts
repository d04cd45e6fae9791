// Generated from the schemas of the API's routes by `npm run generate`. Do not edit.

export type BulkCancelBody = {
  /**
   * These machines. One that there is not is passed over and counted.
   *
   * @minItems 1
   * @maxItems 1000
   */
  ids?: string[];
  /**
   * All that the list has with this filter, at most 10000.
   */
  filter?: {
    /**
     * Of these tenants.
     *
     * @minItems 1
     * @maxItems 100
     */
    tenant?: string[];
    /**
     * At these sites.
     *
     * @minItems 1
     * @maxItems 100
     */
    site?: string[];
    /**
     * In these groups of the served policy, listed or matched: `acme/canaries`.
     *
     * @minItems 1
     * @maxItems 100
     */
    group?: string[];
    /**
     * With this label: `ring=canary`.
     */
    label?: string;
    /**
     * `linux-x64`, `darwin-arm64`, ...
     *
     * @minItems 1
     * @maxItems 100
     */
    platform?: string[];
    /**
     * With this product; what is said of versions, channels and causes is of it.
     */
    product?: string;
    /**
     * That run one of these versions; `<1.4.1`: all of the product's below it.
     *
     * @minItems 1
     * @maxItems 100
     */
    version?: string[];
    /**
     * That one of these channels applied to at the last check-in.
     *
     * @minItems 1
     * @maxItems 100
     */
    channel?: string[];
    /**
     * `current`: runs what its channel offers. `behind`: is offered something else. `updating`: an installation is under way. `failed`: its last attempt failed. `refused`: below a minimum version. `cloned`: its key was seen in two places. `silent`: not seen for a day. `gone`: not seen for 30 days.
     *
     * @minItems 1
     * @maxItems 100
     */
    state?: ("current" | "behind" | "updating" | "failed" | "refused" | "cloned" | "silent" | "gone")[];
    /**
     * Whose last attempt failed for one of these.
     *
     * @minItems 1
     * @maxItems 100
     */
    cause?: (
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
     * Part of the id, of the tenant, of the site or of a label's value.
     */
    search?: string;
  };
  /**
   * Which product; absent: all that a machine has.
   */
  product?: string;
} & BulkCancelBody1;
export type BulkCancelBody1 = {
  [k: string]: unknown;
};
export type BulkUpdateBody = {
  /**
   * These machines. One that there is not is passed over and counted.
   *
   * @minItems 1
   * @maxItems 1000
   */
  ids?: string[];
  /**
   * All that the list has with this filter, at most 10000.
   */
  filter?: {
    /**
     * Of these tenants.
     *
     * @minItems 1
     * @maxItems 100
     */
    tenant?: string[];
    /**
     * At these sites.
     *
     * @minItems 1
     * @maxItems 100
     */
    site?: string[];
    /**
     * In these groups of the served policy, listed or matched: `acme/canaries`.
     *
     * @minItems 1
     * @maxItems 100
     */
    group?: string[];
    /**
     * With this label: `ring=canary`.
     */
    label?: string;
    /**
     * `linux-x64`, `darwin-arm64`, ...
     *
     * @minItems 1
     * @maxItems 100
     */
    platform?: string[];
    /**
     * With this product; what is said of versions, channels and causes is of it.
     */
    product?: string;
    /**
     * That run one of these versions; `<1.4.1`: all of the product's below it.
     *
     * @minItems 1
     * @maxItems 100
     */
    version?: string[];
    /**
     * That one of these channels applied to at the last check-in.
     *
     * @minItems 1
     * @maxItems 100
     */
    channel?: string[];
    /**
     * `current`: runs what its channel offers. `behind`: is offered something else. `updating`: an installation is under way. `failed`: its last attempt failed. `refused`: below a minimum version. `cloned`: its key was seen in two places. `silent`: not seen for a day. `gone`: not seen for 30 days.
     *
     * @minItems 1
     * @maxItems 100
     */
    state?: ("current" | "behind" | "updating" | "failed" | "refused" | "cloned" | "silent" | "gone")[];
    /**
     * Whose last attempt failed for one of these.
     *
     * @minItems 1
     * @maxItems 100
     */
    cause?: (
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
     * Part of the id, of the tenant, of the site or of a label's value.
     */
    search?: string;
  };
  /**
   * Which product; absent: all that a machine has.
   */
  product?: string;
  /**
   * Only say what it would do.
   */
  dryRun?: boolean;
  /**
   * Nobody is asked where more than so many would move: `moving` of the dry run. A filter needs it.
   */
  atMost?: number;
} & BulkUpdateBody1;
export type BulkUpdateBody1 = {
  [k: string]: unknown;
};
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
   * Of these tenants.
   *
   * @minItems 1
   * @maxItems 100
   */
  tenant?: string[];
  /**
   * At these sites.
   *
   * @minItems 1
   * @maxItems 100
   */
  site?: string[];
  /**
   * In these groups of the served policy, listed or matched: `acme/canaries`.
   *
   * @minItems 1
   * @maxItems 100
   */
  group?: string[];
  /**
   * With this label: `ring=canary`.
   */
  label?: string;
  /**
   * `linux-x64`, `darwin-arm64`, ...
   *
   * @minItems 1
   * @maxItems 100
   */
  platform?: string[];
  /**
   * With this product; what is said of versions, channels and causes is of it.
   */
  product?: string;
  /**
   * That run one of these versions; `<1.4.1`: all of the product's below it.
   *
   * @minItems 1
   * @maxItems 100
   */
  version?: string[];
  /**
   * That one of these channels applied to at the last check-in.
   *
   * @minItems 1
   * @maxItems 100
   */
  channel?: string[];
  /**
   * `current`: runs what its channel offers. `behind`: is offered something else. `updating`: an installation is under way. `failed`: its last attempt failed. `refused`: below a minimum version. `cloned`: its key was seen in two places. `silent`: not seen for a day. `gone`: not seen for 30 days.
   *
   * @minItems 1
   * @maxItems 100
   */
  state?: ("current" | "behind" | "updating" | "failed" | "refused" | "cloned" | "silent" | "gone")[];
  /**
   * Whose last attempt failed for one of these.
   *
   * @minItems 1
   * @maxItems 100
   */
  cause?: (
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
   * Part of the id, of the tenant, of the site or of a label's value.
   */
  search?: string;
  /**
   * By when they were last heard of, by state, or by the version of `product`, a minus: the other way; absent: by their enrolment. A page key is of one order.
   */
  sort?: "seen" | "-seen" | "state" | "-state" | "version" | "-version";
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
  publicKey: string;
  keyGeneration: number;
  platform: string;
  facts: {
    [k: string]: unknown;
  } | null;
  agentVersion: string;
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
  clockSkew: number;
  address: string | null;
  /**
   * Since when its key was seen in two places.
   */
  clonedSince: number | null;
  /**
   * The device that it is a copy of.
   */
  copyOf: string | null;
  /**
   * The minimum version that it was below at its last check-in.
   */
  belowMinimum: string | null;
  state: "current" | "behind" | "updating" | "failed" | "refused" | "cloned" | "silent" | "gone";
  /**
   * Since when it stands so; `null`: nobody kept it.
   */
  stateSince: number | null;
  installations: {
    product: string;
    format: string;
    /**
     * `null`: it is not installed.
     */
    installed: {
      version: string;
      digest: string;
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
    appliedChannel: string | null;
    newestConfirmed?: string;
    /**
     * When it last verified a manifest, by its own clock.
     */
    lastCheckAt?: number;
    blocked: {
      version: string;
      reason: string;
      /**
       * Seconds since 1970.
       */
      until: number;
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
    /**
     * The cause of the last attempt, where that failed.
     */
    failedCause:
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
      | null;
    /**
     * What it does by itself, by what is served now.
     */
    offer?: {
      action: "paused" | "none" | "stay" | "refuse" | "wait" | "update" | "rollback";
      /**
       * The version that it is on its way to.
       */
      target?: string;
      /**
       * What it installs first, where it may now.
       */
      next?: string;
      /**
       * Why it does not: `paused`, `halt`, `window`, `no-path`, `current`, ...
       */
      reason?: string;
      /**
       * When it may go on.
       */
      eligibleAt?: number;
      /**
       * What the rule said that ended the decision.
       */
      why?: string;
      /**
       * What would be the target, if the machine had what it requires.
       */
      misfit?: {
        target: string;
        /**
         * Whose requirements they are: the target's, or those of a step on the way.
         */
        version: string;
        unmet: {
          name: string;
          required: string;
          got: string | null;
        }[];
      };
    };
    /**
     * What it would do if it were asked to update now.
     */
    ifAsked?: {
      action: "paused" | "none" | "stay" | "refuse" | "wait" | "update" | "rollback";
      /**
       * The version that it is on its way to.
       */
      target?: string;
      /**
       * What it installs first, where it may now.
       */
      next?: string;
      /**
       * Why it does not: `paused`, `halt`, `window`, `no-path`, `current`, ...
       */
      reason?: string;
      /**
       * When it may go on.
       */
      eligibleAt?: number;
      /**
       * What the rule said that ended the decision.
       */
      why?: string;
      /**
       * What would be the target, if the machine had what it requires.
       */
      misfit?: {
        target: string;
        /**
         * Whose requirements they are: the target's, or those of a step on the way.
         */
        version: string;
        unmet: {
          name: string;
          required: string;
          got: string | null;
        }[];
      };
    };
  }[];
  /**
   * What waits for it.
   */
  requests: Request[];
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
  deliveredAt: number | null;
  /**
   * Seconds since 1970.
   */
  endedAt: number | null;
  result: "done" | "nothing-to-do" | "refused" | "failed" | "cancelled" | "expired" | null;
  /**
   * What the device said of it.
   */
  text: string | null;
}
/**
 * How many were cancelled.
 */
export interface CancelUpdatesAnswer {
  cancelled: number;
}
export interface CountAgentsQuery {
  /**
   * Of these tenants.
   *
   * @minItems 1
   * @maxItems 100
   */
  tenant?: string[];
  /**
   * At these sites.
   *
   * @minItems 1
   * @maxItems 100
   */
  site?: string[];
  /**
   * In these groups of the served policy, listed or matched: `acme/canaries`.
   *
   * @minItems 1
   * @maxItems 100
   */
  group?: string[];
  /**
   * With this label: `ring=canary`.
   */
  label?: string;
  /**
   * `linux-x64`, `darwin-arm64`, ...
   *
   * @minItems 1
   * @maxItems 100
   */
  platform?: string[];
  /**
   * With this product; what is said of versions, channels and causes is of it.
   */
  product?: string;
  /**
   * That run one of these versions; `<1.4.1`: all of the product's below it.
   *
   * @minItems 1
   * @maxItems 100
   */
  version?: string[];
  /**
   * That one of these channels applied to at the last check-in.
   *
   * @minItems 1
   * @maxItems 100
   */
  channel?: string[];
  /**
   * `current`: runs what its channel offers. `behind`: is offered something else. `updating`: an installation is under way. `failed`: its last attempt failed. `refused`: below a minimum version. `cloned`: its key was seen in two places. `silent`: not seen for a day. `gone`: not seen for 30 days.
   *
   * @minItems 1
   * @maxItems 100
   */
  state?: ("current" | "behind" | "updating" | "failed" | "refused" | "cloned" | "silent" | "gone")[];
  /**
   * Whose last attempt failed for one of these.
   *
   * @minItems 1
   * @maxItems 100
   */
  cause?: (
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
export interface CountAgentsByFacetsQuery {
  /**
   * Of these tenants.
   *
   * @minItems 1
   * @maxItems 100
   */
  tenant?: string[];
  /**
   * At these sites.
   *
   * @minItems 1
   * @maxItems 100
   */
  site?: string[];
  /**
   * In these groups of the served policy, listed or matched: `acme/canaries`.
   *
   * @minItems 1
   * @maxItems 100
   */
  group?: string[];
  /**
   * With this label: `ring=canary`.
   */
  label?: string;
  /**
   * `linux-x64`, `darwin-arm64`, ...
   *
   * @minItems 1
   * @maxItems 100
   */
  platform?: string[];
  /**
   * With this product; what is said of versions, channels and causes is of it.
   */
  product?: string;
  /**
   * That run one of these versions; `<1.4.1`: all of the product's below it.
   *
   * @minItems 1
   * @maxItems 100
   */
  version?: string[];
  /**
   * That one of these channels applied to at the last check-in.
   *
   * @minItems 1
   * @maxItems 100
   */
  channel?: string[];
  /**
   * `current`: runs what its channel offers. `behind`: is offered something else. `updating`: an installation is under way. `failed`: its last attempt failed. `refused`: below a minimum version. `cloned`: its key was seen in two places. `silent`: not seen for a day. `gone`: not seen for 30 days.
   *
   * @minItems 1
   * @maxItems 100
   */
  state?: ("current" | "behind" | "updating" | "failed" | "refused" | "cloned" | "silent" | "gone")[];
  /**
   * Whose last attempt failed for one of these.
   *
   * @minItems 1
   * @maxItems 100
   */
  cause?: (
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
   * Part of the id, of the tenant, of the site or of a label's value.
   */
  search?: string;
}
/**
 * How many machines a filter lets through, and how many it would with other values of one key. Most first, versions newest first; groups where one tenant is asked for.
 */
export interface DeviceFacets {
  total: number;
  state: {
    value: string;
    /**
     * Whose version, channel or cause it is.
     */
    product?: string;
    devices: number;
  }[];
  tenant: {
    value: string;
    /**
     * Whose version, channel or cause it is.
     */
    product?: string;
    devices: number;
  }[];
  site: {
    value: string;
    /**
     * Whose version, channel or cause it is.
     */
    product?: string;
    devices: number;
  }[];
  platform: {
    value: string;
    /**
     * Whose version, channel or cause it is.
     */
    product?: string;
    devices: number;
  }[];
  product: {
    value: string;
    /**
     * Whose version, channel or cause it is.
     */
    product?: string;
    devices: number;
  }[];
  version: {
    value: string;
    /**
     * Whose version, channel or cause it is.
     */
    product?: string;
    devices: number;
  }[];
  channel: {
    value: string;
    /**
     * Whose version, channel or cause it is.
     */
    product?: string;
    devices: number;
  }[];
  cause: {
    value: string;
    /**
     * Whose version, channel or cause it is.
     */
    product?: string;
    devices: number;
  }[];
  group: {
    value: string;
    /**
     * Whose version, channel or cause it is.
     */
    product?: string;
    devices: number;
  }[];
  /**
   * How many values more a facet has that are not in it.
   */
  left: {
    [k: string]: number;
  };
}
/**
 * What it did, or would do.
 */
export interface BulkAnswer {
  /**
   * Machines that were looked at.
   */
  machines: number;
  /**
   * Of the ids those that there are not.
   */
  unknown: number;
  /**
   * Installations that move.
   */
  moving: number;
  /**
   * To which version, most first.
   */
  moves: {
    product: string;
    to: string;
    devices: number;
  }[];
  /**
   * Which stay, and why, most first; the sentence is the first machine's.
   */
  stays: {
    product: string;
    reason: string;
    why: string;
    devices: number;
  }[];
  /**
   * Requests that were made.
   */
  asked: number;
  /**
   * Of those that move, how many had been asked before.
   */
  already: number;
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
  kind: "update" | "rollback";
  from: string | null;
  to: string;
  toDigest?: string;
  /**
   * By the machine's clock.
   */
  startedAt: number;
  /**
   * By the machine's clock.
   */
  endedAt: number;
  /**
   * When the controller heard of it.
   */
  reportedAt: number;
  /**
   * The last that it reached.
   */
  step: "downloading" | "verified" | "staged" | "self-tested" | "swapped" | "confirming" | "confirmed";
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
      rule: string;
      outcome: "set" | "pass" | "skip" | "stop";
      text: string;
      /**
       * `tenants/acme.yaml#/sites/berlin/channel`
       */
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
export interface ExplainAgentLinesQuery {
  /**
   * Needed where the device has several.
   */
  product?: string;
}
/**
 * Of each place that the trail names and that is there, its line.
 */
export interface TrailLines {
  /**
   * Of the manifest that it was decided by.
   */
  commit: string;
  lines: {
    /**
     * As the trail has it: `tenants/acme.yaml#/sites/berlin/channel`
     */
    where: string;
    line: number;
  }[];
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
/**
 * Branches, as they are there now.
 */
export interface BranchList {
  /**
   * The branch that is served; `null`: no branch is.
   */
  followed: string | null;
  branches: {
    name: string;
    commit: string;
  }[];
}
export interface HistoryQuery {
  /**
   * How many at most; 30 when absent.
   */
  limit?: number;
  /**
   * `next` of the page before: a commit.
   */
  after?: string;
  /**
   * Only what is about this product, and what concerns all.
   */
  product?: string;
  /**
   * Only what is about a channel of this name.
   */
  channel?: string;
  /**
   * Only what the file of this tenant says.
   */
  tenant?: string;
}
/**
 * Commits that touch state.
 */
export interface HistoryAnswer {
  commits: CommitSummary[];
  /**
   * `after` of the next page; absent on the last.
   */
  next?: string;
}
export interface CommitSummary {
  commit: string;
  /**
   * `Name <mail>`.
   */
  author: string;
  /**
   * Seconds since 1970.
   */
  at: number;
  subject: string;
  /**
   * `served`: what agents get. `past`: what they get came from it. `refused`: it has mistakes. `held`: nobody has released it. `waiting`: newer than what is served, and not looked at by itself.
   */
  state: "served" | "past" | "refused" | "held" | "waiting";
  /**
   * Mistakes that it was refused for.
   */
  errors: number;
  first?: Finding;
  /**
   * Why it is held.
   */
  why?: string;
  /**
   * The gravest first, at most 20.
   */
  did: Deed[];
  /**
   * How many more things it did.
   */
  omitted: number;
  /**
   * State files that it changed.
   */
  files: number;
  foreseen?: Foreseen;
  reached: Reached[];
}
/**
 * The first of them.
 */
export interface Finding {
  rule: string;
  message: string;
  file: string;
  line?: number;
}
export interface Deed {
  kind:
    | "promote"
    | "rollback"
    | "yank"
    | "unyank"
    | "pin"
    | "unpin"
    | "pause"
    | "resume"
    | "halt"
    | "unhalt"
    | "advance"
    | "minimum"
    | "follow"
    | "add"
    | "remove";
  /**
   * In words: `promote agent 1.4.2 to stable (was 1.4.1)`.
   */
  text: string;
  /**
   * Relative to the state root.
   */
  file: string;
  product?: string;
  channel?: string;
  version?: string;
  waves?: number;
  platforms?: string[];
  from?: string;
  scope?: string;
  reason?: string;
  tenant?: string;
}
/**
 * From the plan between the commit and its parent over the machines that were enrolled when the controller began to serve it. Absent: nobody was, or no controller of this state folder was there.
 */
export interface Foreseen {
  /**
   * Seconds since 1970.
   */
  at: number;
  /**
   * Products on machines that were looked at.
   */
  total: number;
  /**
   * That run another version for it.
   */
  moves: number;
  /**
   * That would have moved, and did not.
   */
  stopped: number;
  /**
   * That went to the same version at another time.
   */
  retimed: number;
}
/**
 * From what machines have reported: of each promotion in the commit whose rollout is still kept, how many were offered the version by now.
 */
export interface Reached {
  product: string;
  channel: string;
  version: string;
  state: string;
  offered: number;
  confirmed: number;
  failed: number;
}
/**
 * The commit.
 */
export interface CommitReport {
  commit: string;
  /**
   * `Name <mail>`.
   */
  author: string;
  /**
   * Seconds since 1970.
   */
  at: number;
  subject: string;
  /**
   * `served`: what agents get. `past`: what they get came from it. `refused`: it has mistakes. `held`: nobody has released it. `waiting`: newer than what is served, and not looked at by itself.
   */
  state: "served" | "past" | "refused" | "held" | "waiting";
  /**
   * Mistakes that it was refused for.
   */
  errors: number;
  first?: Finding;
  /**
   * Why it is held.
   */
  why?: string;
  /**
   * The gravest first, at most 20.
   */
  did: Deed[];
  /**
   * How many more things it did.
   */
  omitted: number;
  /**
   * State files that it changed.
   */
  files: number;
  foreseen?: Foreseen;
  reached: Reached[];
  /**
   * The first parent.
   */
  parent: string | null;
  /**
   * What follows the subject in its message.
   */
  body: string;
  diffs: FileDiff[];
  /**
   * How many more files it changed.
   */
  omittedDiffs: number;
  /**
   * As it is judged today; none of a past commit.
   */
  diagnostics: StateFinding[];
  plan?: Plan;
}
export interface FileDiff {
  /**
   * Relative to the state root.
   */
  path: string;
  /**
   * As `git diff` has it; absent where the file is no text, too large, or a secret.
   */
  diff?: string;
}
export interface StateFinding {
  rule: string;
  severity: "error" | "warning";
  message: string;
  /**
   * Relative to the state root.
   */
  file: string;
  span?: {
    line: number;
    column: number;
    endLine: number;
    endColumn: number;
  };
  notes: string[];
  help?: string;
}
/**
 * On top of its parent, over the fleet as it is now; absent where either has mistakes.
 */
export interface Plan {
  before: string;
  after: string;
  /**
   * Seconds since 1970.
   */
  now: number;
  inventory: {
    /**
     * `scopes`: no machine is enrolled; each scope that state names counts as one.
     */
    kind: "devices" | "scopes";
    name: string;
    total: number;
  };
  warnings: PlanWarning[];
  blast: {
    /**
     * Who runs another version than without the change.
     */
    devices: number;
    /**
     * Parts per million.
     */
    share: number;
    /**
     * Who would have moved, and now does not.
     */
    stopped: number;
    /**
     * Who goes to the same version at another time.
     */
    retimed: number;
    touched: number;
    /**
     * Parts per million.
     */
    touchedShare: number;
  };
  transitions: Transition[];
  stopped: Transition[];
  retimed: Retiming[];
  openings: {
    product: string;
    channel: string;
    version: string;
    from: number;
    to: number;
    of: number;
    /**
     * Parts per million.
     */
    share: number;
    /**
     * Seconds since 1970.
     */
    at: number;
  }[];
  by: {
    product: PlanShare[];
    channel: PlanShare[];
    tenant: PlanShare[];
    site: PlanShare[];
    group: PlanShare[];
    platform: PlanShare[];
  };
  belowMinimum: {
    product: string;
    installed: string;
    minimum: string;
    devices: number;
    stuck: number;
    examples: string[];
  }[];
  refusals: {
    code: string;
    product: string;
    channel: string;
    /**
     * `null`: not installed.
     */
    installed: string | null;
    /**
     * `null`: not installed.
     */
    target: string | null;
    devices: number;
    added: number;
    reason: string;
    examples: string[];
  }[];
  misfits: {
    product: string;
    channel: string;
    target: string;
    version: string;
    cause: string;
    devices: number;
    added: number;
    instead: {
      /**
       * `null`: not installed.
       */
      version: string | null;
      devices: number;
    }[];
    examples: string[];
  }[];
  stranded: {
    what: "tenant" | "site" | "group" | "product";
    name: string;
    devices: number;
    examples: string[];
  }[];
  held: {
    by: "pause" | "pin" | "halt" | "freeze" | "window" | "request" | "wave";
    product: string;
    reason: string;
    /**
     * File and JSON pointer.
     */
    where: string | null;
    devices: number;
    examples: string[];
  }[];
  /**
   * Expectations of the state that do not hold with the change.
   */
  expectations: {
    /**
     * `broken`: by the change. `unmet`: without it, too. `dropped`: the change takes it out or alters it, and does what it forbids.
     */
    kind: "broken" | "unmet" | "dropped";
    rule: string;
    file: string;
    line: number;
    that: string;
    message: string;
    /**
     * The line of state that decides it.
     */
    decidedBy: {
      file: string;
      line: number;
      text: string;
    } | null;
  }[];
}
export interface PlanWarning {
  code: string;
  message: string;
  devices: number;
  help?: string;
}
export interface Transition {
  product: string;
  channel: string;
  /**
   * `null`: not installed.
   */
  from: string | null;
  /**
   * `null`: not installed.
   */
  to: string | null;
  devices: number;
  via: string[];
  goesDown: boolean;
  waves: PlannedWave[];
  /**
   * Since when waves count, and what says so.
   */
  begins?: {
    [k: string]: unknown;
  };
  /**
   * How many (cumulative) may take it from which second on.
   */
  schedule: {
    /**
     * Seconds since 1970.
     */
    at: number;
    devices: number;
  }[];
  examples: string[];
}
export interface PlannedWave {
  /**
   * Parts per million.
   */
  share: number;
  /**
   * Seconds since 1970.
   */
  at: number;
  /**
   * Nobody has opened it yet.
   */
  shut?: boolean;
}
export interface Retiming {
  product: string;
  channel: string;
  /**
   * `null`: not installed.
   */
  version: string | null;
  devices: number;
  earlier: number;
  later: number;
  waves: PlannedWave[];
  formerWaves: PlannedWave[];
  schedule: {
    /**
     * Seconds since 1970.
     */
    at: number;
    devices: number;
  }[];
  examples: string[];
}
export interface PlanShare {
  name: string;
  total: number;
  moving: number;
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
     * How the product is installed there, as the device reports it: `binary`, `archive`, `deb`, `rpm`, `pkg` or `windows`. Of each release only artifacts of this format count for it; absent: all of its platform's.
     */
    format?: string;
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
   * Free bytes where the product is installed; of several products, where there are the fewest.
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
 * What needs a person.
 */
export interface Needs {
  /**
   * Seconds since 1970.
   */
  at: number;
  /**
   * Of the manifest that is served; absent before the first.
   */
  commit?: string;
  /**
   * Seconds since 1970.
   */
  signedAt?: number;
  /**
   * Whether anything needs a person.
   */
  heading: string;
  /**
   * The same for a browser's tab.
   */
  title: string;
  /**
   * The most urgent in a sentence.
   */
  lead: string;
  /**
   * How many things need a person.
   */
  waiting: number;
  /**
   * Of them, those that cannot wait.
   */
  urgent: number;
  /**
   * The most urgent first; those of one kind in one row where there are more than eight.
   */
  needs: Need[];
  /**
   * When a version was last halted, seconds since 1970.
   */
  lastHaltAt?: number;
}
export interface Need {
  /**
   * Stays the same as long as the need does.
   */
  id: string;
  kind:
    | "halted"
    | "expired"
    | "refused"
    | "held-commit"
    | "stalled"
    | "held"
    | "undecided"
    | "below-minimum"
    | "security-held"
    | "disappeared"
    | "silent"
    | "stale"
    | "expires"
    | "pin-expired"
    | "pin-expires"
    | "damaged"
    | "cloned"
    | "proposed"
    | "paused";
  /**
   * It cannot wait.
   */
  isNow: boolean;
  /**
   * Seconds since 1970; absent: nobody knows.
   */
  since?: number;
  /**
   * When it ends or expires by itself.
   */
  at?: number;
  /**
   * One line; what is copied stands between backticks, as in `why`.
   */
  what: string;
  /**
   * One or two sentences: why, and what is not broken.
   */
  why: string;
  /**
   * What it is about, as far as it is known.
   */
  subject: {
    product?: string;
    channel?: string;
    version?: string;
    commit?: string;
    /**
     * Relative to the state root.
     */
    file?: string;
    line?: number;
    tenant?: string;
    site?: string;
    devices?: number;
  };
  /**
   * The one thing to do.
   */
  action: {
    label: string;
    /**
     * Path on this controller.
     */
    page?: string;
    /**
     * The same on the command line: one of these.
     */
    commands: string[];
    /**
     * Commits of which one does it: each is sent as `POST /api/v1/proposals`, with a reason where it has none. Absent for who is limited to tenants.
     */
    proposals?: NeedProposal[];
  };
  /**
   * Where more of it is shown.
   */
  link?: {
    label: string;
    page: string;
  };
  /**
   * How many of the kind this row stands for; absent: it is one.
   */
  folded?: number;
  /**
   * The first of them.
   */
  members?: {
    /**
     * Stays the same as long as the need does.
     */
    id: string;
    kind:
      | "halted"
      | "expired"
      | "refused"
      | "held-commit"
      | "stalled"
      | "held"
      | "undecided"
      | "below-minimum"
      | "security-held"
      | "disappeared"
      | "silent"
      | "stale"
      | "expires"
      | "pin-expired"
      | "pin-expires"
      | "damaged"
      | "cloned"
      | "proposed"
      | "paused";
    /**
     * It cannot wait.
     */
    isNow: boolean;
    /**
     * Seconds since 1970; absent: nobody knows.
     */
    since?: number;
    /**
     * When it ends or expires by itself.
     */
    at?: number;
    /**
     * One line; what is copied stands between backticks, as in `why`.
     */
    what: string;
    /**
     * One or two sentences: why, and what is not broken.
     */
    why: string;
    /**
     * What it is about, as far as it is known.
     */
    subject: {
      product?: string;
      channel?: string;
      version?: string;
      commit?: string;
      /**
       * Relative to the state root.
       */
      file?: string;
      line?: number;
      tenant?: string;
      site?: string;
      devices?: number;
    };
    /**
     * The one thing to do.
     */
    action: {
      label: string;
      /**
       * Path on this controller.
       */
      page?: string;
      /**
       * The same on the command line: one of these.
       */
      commands: string[];
      /**
       * Commits of which one does it: each is sent as `POST /api/v1/proposals`, with a reason where it has none. Absent for who is limited to tenants.
       */
      proposals?: NeedProposal[];
    };
    /**
     * Where more of it is shown.
     */
    link?: {
      label: string;
      page: string;
    };
  }[];
}
/**
 * A commit that a person may look at before it is made.
 */
export interface NeedProposal {
  /**
   * What the button says.
   */
  label: string;
  /**
   * What it is about.
   */
  title: string;
  change: {
    /**
     * As the command of that name; `resume-halt` is `resume --halt`.
     */
    kind:
      | "promote"
      | "rollback"
      | "yank"
      | "unyank"
      | "pause"
      | "resume"
      | "resume-halt"
      | "advance"
      | "pin"
      | "unpin"
      | "min-version";
    product?: string;
    channel?: string;
    version?: string;
    /**
     * It is about the whole fleet.
     */
    fleet?: boolean;
    tenant?: string;
    site?: string;
    group?: string;
    device?: string;
    /**
     * Of a yank: for these alone.
     *
     * @minItems 1
     * @maxItems 50
     */
    platforms?: string[];
    /**
     * Of `advance`: how many are open then; absent: one more.
     */
    waves?: number;
    /**
     * Of `advance`: all of them.
     */
    allWaves?: boolean;
    /**
     * Of `resume-halt`: waves begin anew.
     */
    restartWaves?: boolean;
    reason?: string;
    owner?: string;
    /**
     * Of a pin.
     */
    expires?: string;
    /**
     * Of a pause.
     */
    until?: string;
  };
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
 * The fleet at one look.
 */
export interface Overview {
  /**
   * Seconds since 1970.
   */
  at: number;
  /**
   * Of the manifest that is served; absent before the first.
   */
  commit?: string;
  /**
   * Seconds since 1970.
   */
  signedAt?: number;
  /**
   * Whether anything needs a person.
   */
  heading: string;
  /**
   * The same for a browser's tab.
   */
  title: string;
  /**
   * The most urgent in a sentence.
   */
  lead: string;
  /**
   * How many things need a person.
   */
  waiting: number;
  /**
   * Of them, those that cannot wait.
   */
  urgent: number;
  /**
   * The most urgent first; those of one kind in one row where there are more than eight.
   */
  needs: Need[];
  /**
   * When a version was last halted, seconds since 1970.
   */
  lastHaltAt?: number;
  facts: {
    /**
     * Without those that are gone.
     */
    machines: number;
    /**
     * Heard of within a day.
     */
    reporting: number;
    updating: number;
    /**
     * Attempts of the last day that put the version before back.
     */
    putBack: number;
  };
  products: ProductOverview[];
}
export interface ProductOverview {
  name: string;
  /**
   * Updated only where it is installed already.
   */
  isCompanion: boolean;
  minimum?: string;
  /**
   * Those with most machines first.
   */
  channels: ChannelRow[];
  runs: RunningVersions;
}
export interface ChannelRow {
  channel: string;
  /**
   * What it points to.
   */
  version: string;
  /**
   * What it pointed to before.
   */
  from?: string;
  /**
   * What it offers, where that is not what it points to; `null`: nothing.
   */
  offers?: string | null;
  /**
   * When the promotion began.
   */
  since: number;
  /**
   * The commit that promoted it.
   */
  commit: string;
  /**
   * Of that commit; only for those who may see all tenants.
   */
  author?: string;
  /**
   * First line of its message; the same.
   */
  subject?: string;
  /**
   * Those that follow the channel.
   */
  machines: number;
  /**
   * Of them, those that run the version.
   */
  running: number;
  /**
   * Their share, parts per million.
   */
  actual: number;
  /**
   * Share whose turn has come; absent: nobody has looked yet.
   */
  allowed?: number;
  /**
   * Cumulative; empty: everybody at once.
   *
   * Items: Parts per million.
   */
  waves: number[];
  state: "halted" | "paused" | "empty" | "held" | "stale" | "pending" | "canary" | "active" | "done";
  /**
   * Why, in a sentence.
   */
  reason: string;
  /**
   * How it stands, in a few words.
   */
  standing: string;
  /**
   * What comes next.
   */
  next: string;
  /**
   * When that is; absent: nobody knows.
   */
  nextAt?: number;
  failures?: {
    failed: number;
    counted: number;
    /**
     * Parts per million.
     */
    rate: number;
    /**
     * What the gate allows, parts per million.
     */
    limit?: number;
    /**
     * Where it is worst, where that is above the limit.
     */
    worst?: {
      name: string;
      /**
       * Parts per million.
       */
      rate: number;
    };
  };
  /**
   * Seconds since 1970.
   */
  haltedAt?: number;
  stale?: {
    waiting: string;
    from?: string;
    /**
     * Seconds since 1970.
     */
    since: number;
  };
  /**
   * How many machines of the channel ran it, in steps of equal length.
   */
  adoption?: {
    /**
     * When the first step begins, seconds since 1970.
     */
    from: number;
    /**
     * Seconds.
     */
    step: number;
    running: number[];
  };
}
export interface RunningVersions {
  /**
   * Those that have the product.
   */
  machines: number;
  /**
   * Newest first.
   */
  versions: {
    version: string;
    machines: number;
    /**
     * Parts per million.
     */
    share: number;
    /**
     * Those that point to it.
     */
    channels: string[];
    /**
     * Of its machines, those below a minimum.
     */
    belowMinimum: number;
  }[];
  /**
   * All others summed up, where there are many.
   */
  older?: {
    versions: number;
    machines: number;
    /**
     * Parts per million.
     */
    share: number;
  };
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
   * Versions without a way; one for each platform, format and channel.
   */
  stranded: number;
  strandedDevices: number;
  ways: {
    product: string;
    channel: string | null;
    platform: string;
    /**
     * How the product is installed there.
     */
    format: string;
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
export interface PlanBranchQuery {
  /**
   * A branch of the state repository.
   */
  head: string;
  /**
   * What it is compared with: what is served.
   */
  base?: "served";
}
/**
 * The verdict and the plan.
 */
export interface BranchPlan {
  branch: string;
  commit: string;
  /**
   * Where the branch left the served line.
   */
  base: string;
  /**
   * What is served.
   */
  served: string;
  /**
   * What the branch brings, newest first, at most 50.
   */
  commits: {
    commit: string;
    author: string;
    /**
     * Seconds since 1970.
     */
    at: number;
    subject: string;
  }[];
  /**
   * How many commits were served since the branch began.
   */
  behind: number;
  /**
   * `refused`: it has mistakes. `warned`: it or its plan has warnings.
   */
  verdict: "refused" | "warned" | "fine";
  diagnostics: StateFinding[];
  omittedDiagnostics: number;
  did: Deed[];
  omitted: number;
  plan?: Plan;
  /**
   * When the fleet was counted.
   */
  countedAt: number;
}
export interface ProposalBody {
  /**
   * As the command of that name; `resume-halt` is `resume --halt`.
   */
  kind:
    | "promote"
    | "rollback"
    | "yank"
    | "unyank"
    | "pause"
    | "resume"
    | "resume-halt"
    | "advance"
    | "pin"
    | "unpin"
    | "min-version";
  product?: string;
  channel?: string;
  version?: string;
  /**
   * It is about the whole fleet.
   */
  fleet?: boolean;
  tenant?: string;
  site?: string;
  group?: string;
  device?: string;
  /**
   * Of a yank: for these alone.
   *
   * @minItems 1
   * @maxItems 50
   */
  platforms?: string[];
  /**
   * Of `advance`: how many are open then; absent: one more.
   */
  waves?: number;
  /**
   * Of `advance`: all of them.
   */
  allWaves?: boolean;
  /**
   * Of `resume-halt`: waves begin anew.
   */
  restartWaves?: boolean;
  reason?: string;
  owner?: string;
  /**
   * Of a pin.
   */
  expires?: string;
  /**
   * Of a pause.
   */
  until?: string;
  /**
   * What was looked at: `base` of the dry run. Needed to write.
   */
  base?: string;
  /**
   * Say what it would do, and write nothing.
   */
  dryRun?: boolean;
}
/**
 * What it would be; nothing is written.
 */
export interface Proposed {
  prepared?: PreparedCommit;
  written?: WrittenCommit;
}
/**
 * With `dryRun`: what it would be.
 */
export interface PreparedCommit {
  /**
   * The commit that it was worked out on.
   */
  base: string;
  /**
   * The branch that is followed.
   */
  followed: string | null;
  /**
   * First line of the message.
   */
  subject: string;
  /**
   * The rest of it.
   */
  reason?: string;
  notices: string[];
  /**
   * Empty: state already says so.
   */
  diffs: FileDiff[];
  /**
   * All errors with the change in it, and the warnings that it brings.
   */
  diagnostics: StateFinding[];
  /**
   * Whether it may be committed.
   */
  isValid: boolean;
  /**
   * Whether the state is good without it.
   */
  isBaseSound: boolean;
  /**
   * Machines that it concerns; `null`: nobody can tell.
   */
  moves: number | null;
  plan?: Plan;
  /**
   * What does the same on a command line.
   */
  command: string;
  /**
   * What the button does here.
   */
  pageChanges: "off" | "branch" | "direct";
  /**
   * Why the asker may not write it.
   */
  lack?: string;
}
/**
 * The commit that was made.
 */
export interface WrittenCommit {
  commit: string;
  branch: string;
  subject: string;
  /**
   * Where a person opens the pull or merge request.
   */
  request?: string;
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
  rollouts: ListedRollout[];
}
export interface ListedRollout {
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
   * Whether the channel points to it now.
   */
  isCurrent: boolean;
  /**
   * When its waves began to count.
   */
  beganAt: number | null;
  /**
   * When another promotion took its place.
   */
  endedAt: number | null;
  /**
   * How often it was halted.
   */
  halts: number;
  /**
   * Of the current one: machines that follow the channel.
   */
  devices?: number;
  /**
   * Of them, those that run the version.
   */
  running?: number;
  /**
   * Of them, those that may have it.
   */
  allowedDevices?: number;
  /**
   * Of the current one.
   */
  tally?: {
    /**
     * Devices that were offered it, in all.
     */
    offered: number;
    confirmed: number;
    failed: number;
    /**
     * Failed for a cause of the machine.
     */
    excused: number;
    /**
     * Said nothing until the gate's deadline.
     */
    silent: number;
    /**
     * Were offered it within the last hour, and are taken to be at it.
     */
    underWay: number;
  };
  /**
   * The failure rate that its gate allows.
   */
  maxFailure?: number;
  /**
   * Shares of its waves.
   *
   * Items: Parts per million.
   */
  waves?: number[];
}
export interface ShowRolloutQuery {
  /**
   * The promotion that this commit made, or the first digits of it; absent: the last one.
   */
  commit?: string;
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
  /**
   * Of them, those that may have it: by the open share, or as canaries.
   */
  allowedDevices: number;
  /**
   * The version that the channel pointed to before.
   */
  before?: string;
  /**
   * Who promoted it, where the channel still points to it; only for those who may see all tenants.
   */
  author?: string;
  /**
   * What happens next, and when.
   */
  next: {
    kind:
      | "nothing-offered"
      | "halted"
      | "pending"
      | "paused"
      | "frozen"
      | "canary"
      | "by-time"
      | "by-health"
      | "by-hand"
      | "held"
      | "for-person"
      | "last-wave"
      | "window"
      | "tenant-held"
      | "done"
      | "replaced";
    /**
     * The answer.
     */
    headline: string;
    /**
     * What else there is to say of it; may be empty.
     */
    text: string;
    /**
     * When it happens by itself.
     */
    at?: number;
    /**
     * What a person has to decide, best first; only for those who may see all tenants.
     */
    choices: {
      kind: "leave-out" | "resume" | "roll-back" | "take-back" | "advance" | "unyank" | "pause" | "unpause";
      title: string;
      text: string;
      /**
       * Machines that it moves at once.
       */
      machines: number;
      /**
       * In their order; each is a commit.
       */
      commands: string[];
    }[];
  };
  /**
   * Absent: everybody gets it at once, or the channel has moved on.
   */
  waves?: {
    all: {
      /**
       * Parts per million.
       */
      ppm: number;
      /**
       * Seconds since 1970.
       */
      at: number;
    }[];
    /**
     * How many are open.
     */
    open: number;
    /**
     * Share that may have it.
     */
    share: number;
    /**
     * Share that might have it by now if it were not halted.
     */
    dueShare: number;
    openedBy: "time" | "health" | "hand";
    /**
     * Whether a wave opens evenly over its time.
     */
    isLinear: boolean;
  };
  tally: {
    /**
     * Devices that were offered it, in all.
     */
    offered: number;
    confirmed: number;
    failed: number;
    /**
     * Failed for a cause of the machine.
     */
    excused: number;
    /**
     * Said nothing until the gate's deadline.
     */
    silent: number;
    /**
     * Were offered it within the last hour, and are taken to be at it.
     */
    underWay: number;
  };
  byPlatform: {
    platform: string;
    /**
     * Machines of the channel.
     */
    devices: number;
    /**
     * Of them, those that run the version.
     */
    running: number;
    /**
     * Devices that were offered it, in all.
     */
    offered: number;
    confirmed: number;
    failed: number;
    /**
     * Failed for a cause of the machine.
     */
    excused: number;
    /**
     * Said nothing until the gate's deadline.
     */
    silent: number;
    /**
     * Were offered it within the last hour, and are taken to be at it.
     */
    underWay: number;
  }[];
  byTenant: {
    tenant: string | null;
    /**
     * Machines of the channel.
     */
    devices: number;
    /**
     * Of them, those that run the version.
     */
    running: number;
    allowedDevices: number;
    /**
     * Devices that were offered it, in all.
     */
    offered: number;
    confirmed: number;
    failed: number;
    /**
     * Failed for a cause of the machine.
     */
    excused: number;
    /**
     * Said nothing until the gate's deadline.
     */
    silent: number;
    /**
     * Were offered it within the last hour, and are taken to be at it.
     */
    underWay: number;
    /**
     * When its machines may be updated, as the tenant says it; absent: at any time.
     */
    window?: {
      window: {
        [k: string]: unknown;
      };
      /**
       * Of the opening that is now, or else the next.
       */
      opens: number;
      /**
       * Seconds since 1970.
       */
      closes: number;
    };
  }[];
  /**
   * Where canaries stand, by platform and site, as machines said at their last check-in.
   */
  cover: {
    /**
     * Most machines first.
     */
    platforms: string[];
    cells: {
      platform: string;
      tenant: string | null;
      site: string | null;
      devices: number;
      canaries: number;
      /**
       * Failures that count.
       */
      failed: number;
    }[];
    /**
     * Sites that are not among the cells.
     */
    moreSites: number;
    allCells: number;
    coveredCells: number;
    devices: number;
    /**
     * Machines of cells with a canary.
     */
    coveredDevices: number;
    text: string;
  };
  /**
   * Why machines failed; the sum of all is `failed` and `excused` of the tally.
   */
  causes: {
    groups: {
      outcome: "failed" | "excused";
      cause: string | null;
      /**
       * The message without numbers, paths and ids.
       */
      signature: string | null;
      /**
       * One message as it came.
       */
      example: string | null;
      devices: number;
      /**
       * Seconds since 1970.
       */
      firstAt: number;
      where: {
        platform: string;
        tenant: string | null;
        site: string | null;
        devices: number;
      }[];
      /**
       * How many places there are, of which `where` has the first.
       */
      places: number;
    }[];
    /**
     * Machines of groups that are not listed.
     */
    others: number;
  };
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
    at: number;
    kind: "began" | "wave" | "held" | "halt" | "resume" | "done" | "replaced";
    text: string;
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
  shared: {
    traits: {
      /**
       * `platform`, `tenant`, `site`, `labels.ring`, `facts.glibc`, ...
       */
      name: string;
      is: "equal" | "without";
      value: string;
    }[];
    /**
     * What exactly the same machines have.
     */
    also: {
      /**
       * `platform`, `tenant`, `site`, `labels.ring`, `facts.glibc`, ...
       */
      name: string;
      is: "equal" | "without";
      value: string;
    }[];
    failed: number;
    ofFailed: number;
    healthy: number;
    ofHealthy: number;
    /**
     * Machines with it that have not tried the version.
     */
    more: number;
    /**
     * Probability that chance alone brings it about, at most.
     */
    chance?: number;
    text: string;
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
export interface ShowRolloutSeriesQuery {
  /**
   * The promotion that this commit made, or the first digits of it; absent: the last one.
   */
  commit?: string;
  /**
   * How far back adoption goes, at least as far as the promotion; 14 when absent.
   */
  days?: number;
}
/**
 * Columns are as long as their times.
 */
export interface RolloutSeries {
  product: string;
  channel: string;
  version: string;
  commit: string;
  /**
   * Seconds since 1970.
   */
  now: number;
  /**
   * Machines of the channel by what they ran.
   */
  adoption: {
    /**
     * Items: Seconds since 1970.
     */
    at: number[];
    versions: {
      /**
       * `null`: it was not installed.
       */
      version: string | null;
      machines: number[];
      /**
       * Absent: it is not.
       */
      isBelowMinimum?: boolean;
    }[];
    /**
     * All other versions together.
     */
    others?: {
      versions: number;
      machines: number[];
    };
  };
  /**
   * The version since its promotion.
   */
  since: {
    /**
     * Items: Seconds since 1970.
     */
    at: number[];
    /**
     * Machines of the channel that ran it.
     */
    running: number[];
    /**
     * Machines that might have it.
     */
    allowed: number[];
    /**
     * Machines of the channel.
     */
    devices: number[];
  };
  /**
   * What the gate said; only for those who may see all tenants.
   */
  evidence?: {
    /**
     * Items: Seconds since 1970.
     */
    at: number[];
    tests: {
      /**
       * Absent: the whole fleet.
       */
      platform?: string;
      /**
       * The evidence that halts.
       */
      needed: number;
      failures: number;
      counted: number;
      /**
       * How many times likelier the failures are above the limit than at it.
       */
      evidence: (number | null)[];
    }[];
  };
  /**
   * Freezes, pauses and windows: those of all, then those of the tenants with the most machines. A pause that is over is not told of.
   */
  quiet: QuietTime[];
  /**
   * Of all promotions of the channel that are kept, in their order.
   */
  marks: {
    /**
     * Seconds since 1970.
     */
    at: number;
    kind: "began" | "wave" | "held" | "halt" | "resume" | "done" | "replaced";
    text: string;
    version: string;
    commit: string;
  }[];
}
/**
 * Why machines wait although the version is open to them.
 */
export interface QuietTime {
  /**
   * Of a `window` the spans are its openings: outside of them nobody updates.
   */
  kind: "freeze" | "pause" | "window";
  /**
   * `the fleet`, `agent`, `agent / stable`, or a tenant.
   */
  whom: string;
  /**
   * How many more tenants have the same window.
   */
  alike?: number;
  /**
   * Machines of the channel that it is about; absent: all.
   */
  machines?: number;
  reason?: string;
  spans: {
    /**
     * Seconds since 1970.
     */
    from: number;
    /**
     * Seconds since 1970; `null`: until somebody ends it.
     */
    to: number | null;
  }[];
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
 * The state repository.
 */
export interface Source {
  /**
   * What is followed: a branch, a ref in full, or HEAD.
   */
  ref: string;
  /**
   * The commit that agents get.
   */
  served: string | null;
  /**
   * The state root inside the repository; empty for its top.
   */
  root: string | null;
  /**
   * Where commits and lines can be looked at; `null`: nowhere that is known.
   */
  forge: {
    kind: "github" | "gitlab" | "gitea";
    url: string;
    /**
     * Addresses with `{commit}`, `{branch}`, `{path}` (from the top of the repository) and `{line}` to fill in.
     */
    links: {
      commit: string;
      file: string;
      line: string;
      branch: string;
    };
  } | null;
  pageChanges: "off" | "branch" | "direct";
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
  /**
   * Names that tenants had before and answer to, with who is known to use them.
   */
  formerNames?: {
    name: string;
    /**
     * What it is called now.
     */
    tenant: string;
    /**
     * Machines that have not taken the present name over yet; absent: nobody can tell.
     */
    machines?: number;
    /**
     * Good enrolment tokens that were made for it.
     */
    tokens?: number;
    /**
     * People who are limited to it by that name.
     */
    people?: number;
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
   * How the product is installed there.
   */
  format: string;
  /**
   * The channel that applied at the last check-in.
   */
  channel: string | null;
  devices: number;
}

/** What can be asked, by its path. */
export interface Reads {
  /** The machines of the fleet, with what each is offered now */
  "/api/v1/agents": { query: ListAgentsQuery; answer: ListAgentsAnswer };
  /** How many machines there are, by state */
  "/api/v1/agents/count": { query: CountAgentsQuery; answer: DeviceCounts };
  /** How many machines there are, and how many with other values of each key of the filter */
  "/api/v1/agents/facets": { query: CountAgentsByFacetsQuery; answer: DeviceFacets };
  /** One machine */
  "/api/v1/agents/{id}": { answer: Device };
  /** What one machine has tried to install, newest first */
  "/api/v1/agents/{id}/attempts": { query: ListAttemptsOfAgentQuery; answer: ListAttemptsOfAgentAnswer };
  /** Why a machine runs what it runs: the trail of the decision, now */
  "/api/v1/agents/{id}/explain": { query: ExplainAgentQuery; answer: Explanation };
  /** At which lines of the state's files the trail of a machine's decision stands */
  "/api/v1/agents/{id}/explain/lines": { query: ExplainAgentLinesQuery; answer: TrailLines };
  /** What machines have tried to install, newest first */
  "/api/v1/attempts": { query: ListAttemptsQuery; answer: ListAttemptsAnswer };
  /** Every change by a person, newest first */
  "/api/v1/audit": { query: ListAuditQuery; answer: ListAuditAnswer };
  /** The branches of the state repository, by name, at most a thousand */
  "/api/v1/branches": { answer: BranchList };
  /** Commits of the served line, newest first, and what each did */
  "/api/v1/history": { query: HistoryQuery; answer: HistoryAnswer };
  /** One commit: what it did, its files, its mistakes, and its plan over the fleet as it is now */
  "/api/v1/history/{commit}": { answer: CommitReport };
  /** What the fleet runs, as `fairlead plan --inventory` reads it */
  "/api/v1/inventory": { query: InventoryQuery; answer: InventoryAnswer };
  /** Who asks, and what that person may do */
  "/api/v1/me": { answer: Caller };
  /** What needs a person */
  "/api/v1/needs": { answer: Needs };
  /** What the controller has added to policy by itself: halts by a gate, and waves that health has opened */
  "/api/v1/overlays": { answer: ListOverlaysAnswer };
  /** What needs a person, how each channel stands, and what the fleet runs */
  "/api/v1/overview": { answer: Overview };
  /** Whether a signed way leads from each version that machines run to what their channel offers */
  "/api/v1/paths": { answer: Paths };
  /** Who may sign in, and what each may do */
  "/api/v1/people": { answer: ListPeopleAnswer };
  /** What a branch would do to the fleet, if it were merged into what is served now */
  "/api/v1/plan": { query: PlanBranchQuery; answer: BranchPlan };
  /** Requests to single machines, newest first */
  "/api/v1/requests": { query: ListRequestsQuery; answer: ListRequestsAnswer };
  /** One request */
  "/api/v1/requests/{id}": { answer: Request };
  /** Promotions and how far each has come */
  "/api/v1/rollouts": { answer: ListRolloutsAnswer };
  /** How a promotion of a channel stands, what happens next, and what failed machines share */
  "/api/v1/rollouts/{product}/{channel}": { query: ShowRolloutQuery; answer: RolloutReport };
  /** A rollout over time: who ran which version, what was allowed, what the gate said */
  "/api/v1/rollouts/{product}/{channel}/series": { query: ShowRolloutSeriesQuery; answer: RolloutSeries };
  /** How versions fail: messages that say the same are one line, most machines first */
  "/api/v1/signatures": { query: ListSignaturesQuery; answer: ListSignaturesAnswer };
  /** Where the state is, and where its commits and lines can be looked at */
  "/api/v1/source": { answer: Source };
  /** What is served, and how the last reconcile ended */
  "/api/v1/status": { answer: Status };
  /** The enrolment tokens that there are, without what opens anything */
  "/api/v1/tokens": { answer: TokenList };
  /** How many machines run which version of a product, by platform, format and channel */
  "/api/v1/versions/{product}": { query: CountVersionsQuery; answer: CountVersionsAnswer };
}

/** What can be done, by its method and path. */
export interface Writes {
  /** Releases a commit that is held because it does not descend from the one that is served */
  "POST /api/v1/accept": { body: Accept; answer: Accepted };
  /** Cancels the updates that wait for many machines */
  "POST /api/v1/agents/cancel": { body: BulkCancelBody; answer: CancelUpdatesAnswer };
  /** Asks many machines to update now, or says what that would do */
  "POST /api/v1/agents/update": { body: BulkUpdateBody; answer: BulkAnswer };
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
  /** A change of state as a commit: with `dryRun` what it would be and do, then the commit itself */
  "POST /api/v1/proposals": { body: ProposalBody; answer: Proposed };
  /** Cancels a request that has not ended */
  "DELETE /api/v1/requests/{id}": { answer: Request };
  /** Makes an enrolment token */
  "POST /api/v1/tokens": { body: NewToken; answer: MadeToken };
  /** Revokes an enrolment token: nobody enrols with it any more */
  "DELETE /api/v1/tokens/{id}": { answer: Token };
}
