import type { CheckIn } from "../../../protocol/check-in/check-in.ts";
import type { RequestKind } from "../../../protocol/check-in/device-request.ts";
import type { FailureCause } from "../../../protocol/gate/failure-causes.ts";
import type { GroupPolicy } from "../../../protocol/policy.ts";
import type { Overlay, PromotionKey } from "../../desired/overlay.ts";
import type {
  Actor,
  AttemptRecord,
  AuditRecord,
  DeviceRecord,
  Labels,
  NewRequest,
  OfferOutcome,
  PersonRecord,
  RequestRecord,
  RolloutPoint,
  RolloutRecord,
  SignatureRecord,
  TallyRow,
  TokenRecord,
} from "./records.ts";

/**
 * What git cannot hold: who is out there, how it went, and requests to single machines. Losing it loses history and
 * requests, never safety. Made for SQL: each call is one short transaction, nothing assumes that one controller is
 * alone, and lists come in pages by a key, never by an offset.
 *
 * A write that has resolved is on disk. Calls reject with `StoreError`.
 */
export interface FleetStore {
  readonly devices: DeviceStore;
  readonly checkIns: CheckInStore;
  readonly attempts: AttemptStore;
  readonly rollouts: RolloutStore;
  readonly requests: RequestStore;
  readonly tokens: TokenStore;
  readonly people: PersonStore;
  readonly audit: AuditStore;
  readonly summary: SummaryStore;
  readonly upkeep: Upkeep;
  close(): Promise<void>;
}

/** Whose rows are asked for. `null`: all tenants', and devices of none. */
export type TenantScope = readonly string[] | null;

export interface PageRequest {
  /** At most 1,000. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** One value, or several of which one must hold. */
export type OneOf<Value extends string> = Value | readonly Value[];

/** What must hold of a device; all that is given must. */
export interface DeviceFilter {
  readonly tenants: TenantScope;
  /** Those of the scope that are asked for; absent: all of them. */
  readonly tenant?: OneOf<string>;
  readonly ids?: readonly string[];
  readonly site?: OneOf<string>;
  /** Of one label, its value. */
  readonly label?: readonly [name: string, value: string];
  /** In one of these groups. */
  readonly groups?: readonly GroupMembers[];
  readonly platform?: OneOf<string>;
  /** What is said of versions, channels and causes is of this one; absent: of any one, the same for all of it. */
  readonly product?: string;
  readonly version?: OneOf<string>;
  readonly channel?: OneOf<string>;
  readonly state?: OneOf<DeviceState>;
  /** The cause of the last attempt, where that failed. */
  readonly cause?: OneOf<FailureCause>;
  /** Part of the id, of the tenant, of the site or of a label's value. */
  readonly search?: string;
}

/** Who is in a group of a tenant: whoever it lists, and whoever has all that it asks for (`GroupPolicy`). */
export interface GroupMembers extends Pick<GroupPolicy, "devices" | "match"> {
  readonly tenant: string;
}

/**
 * What a list of devices is ordered by; absent: by their enrolment. `seen`: by when they were last heard of. `state` and
 * `version`: in the order of `among`, those of none of them last; versions are of the filter's product, and without one
 * nothing is ordered by them.
 */
export type DeviceOrder =
  | { readonly by: "seen"; readonly newestFirst: boolean }
  | { readonly by: "state"; readonly among: readonly DeviceState[] }
  | { readonly by: "version"; readonly among: readonly string[] };

/**
 * Of several that hold, the one that stands last in the list. A device that never checked in is `behind`.
 *
 * `current`: runs what its channel offers. `behind`: is offered something else. `updating`: an installation is under way.
 * `failed`: its last attempt failed. `refused`: below a minimum version. `cloned`: its key was seen in two places.
 * `silent`: not seen for a day. `gone`: not seen for 30 days, and in no denominator.
 */
export const DEVICE_STATES = [
  "current",
  "behind",
  "updating",
  "failed",
  "refused",
  "cloned",
  "silent",
  "gone",
] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

export interface DeviceStore {
  get(id: string): Promise<DeviceRecord | undefined>;
  /** Also of a key that has been replaced since. */
  keyOf(id: string, generation: number): Promise<string | undefined>;
  list(
    filter: DeviceFilter,
    page: PageRequest,
    now: number,
    order?: DeviceOrder,
  ): Promise<Page<DeviceRecord>>;
  /** How many there are, by state. */
  count(filter: DeviceFilter, now: number): Promise<Readonly<Record<DeviceState, number>>>;
  /** How many there are, and how many there would be with one value more or less of each key of the filter. */
  facets(filter: DeviceFilter, now: number): Promise<DeviceFacets>;
  /** How many of a filter are in each of these groups. */
  countMembers(
    filter: DeviceFilter,
    groups: readonly GroupMembers[],
    now: number,
  ): Promise<readonly number[]>;
  /** How many run which version of a product, by platform, format and applied channel; those that are gone do not count. */
  versions(product: string, tenants: TenantScope, now: number): Promise<readonly VersionCount[]>;
  /** Who follows a channel: by what they run and where they are. Those that are gone do not count. From kept numbers. */
  census(product: string, channel: string, tenants: TenantScope, now: number): Promise<readonly CensusRow[]>;
  /**
   * By how many machines of a channel each version grew or shrank in each span of `span` seconds, from the second `from`
   * on. What the census says, less all that came after a second, is how it was then. Spans of the last two hours may be
   * as short as 10 seconds, those of the last three days 5 minutes, older ones an hour.
   */
  adoption(
    product: string,
    channel: string,
    tenants: TenantScope,
    when: { readonly from: number; readonly span: number; readonly now: number },
  ): Promise<readonly AdoptionChange[]>;
  /** Since when the machines of a channel are counted; `null`: there was none. */
  adoptionSince(product: string, channel: string, tenants: TenantScope): Promise<number | null>;
  /** How many have a product, by what a gate tests by itself; those that are gone do not count. */
  kinds(product: string, now: number): Promise<readonly KindCount[]>;
  /**
   * Registers a device. A key that is registered already gives its device again, and takes no use of the token.
   */
  enrol(enrolment: NewDevice): Promise<EnrolResult>;
  /**
   * Gives a device its next key; it is no longer taken to be cloned.
   *
   * @param generation of the key that is replaced
   * @returns false where another key came first, or the key is registered already; the same key again is fine
   */
  replaceKey(id: string, generation: number, publicKey: string, now: number): Promise<boolean>;
  move(
    id: string,
    to: { readonly tenant: string | null; readonly site: string | null; readonly labels: Labels },
    by: Actor,
    now: number,
  ): Promise<boolean>;
  /** Ends a device: it has to enrol again. */
  remove(id: string, by: Actor, now: number): Promise<boolean>;
}

/** What devices are counted by. */
export const FACETS = [
  "state",
  "tenant",
  "site",
  "platform",
  "product",
  "version",
  "channel",
  "cause",
] as const;
export type Facet = (typeof FACETS)[number];

export interface FacetValue {
  readonly value: string;
  /** Whose version, channel or cause it is. */
  readonly product?: string;
  readonly devices: number;
}

/** Each facet counts what all other keys of the filter let through, so that it says what another value would show. */
export interface DeviceFacets extends Readonly<Record<Facet, readonly FacetValue[]>> {
  readonly total: number;
}

export interface VersionCount {
  readonly version: string | null;
  readonly platform: string;
  /** How the product is installed there, by the machine's word. */
  readonly format: string;
  /** The channel that applied at the last check-in; `null`: none was looked at. */
  readonly channel: string | null;
  readonly devices: number;
}

export interface CensusRow {
  /** `null`: it is not installed. */
  readonly version: string | null;
  readonly platform: string;
  readonly tenant: string | null;
  readonly site: string | null;
  readonly devices: number;
  /** Of them, how many are canaries of what the channel points to, by their last check-in. */
  readonly canaries: number;
}

export interface AdoptionChange {
  readonly version: string | null;
  /** 0: the span that begins at `from`. */
  readonly place: number;
  readonly change: number;
}

export interface KindCount {
  readonly platform: string;
  readonly traits: Readonly<Record<string, string>>;
  readonly devices: number;
}

export interface NewDevice {
  readonly id: string;
  readonly publicKey: string;
  readonly by:
    | { readonly kind: "token"; readonly tokenDigest: string }
    /** Takes tenant, site and labels of the device that it is a copy of. */
    | { readonly kind: "clone"; readonly device: string };
  readonly platform: string;
  readonly agentVersion: string;
  readonly facts: DeviceRecord["facts"];
  readonly address: string | null;
  readonly now: number;
}

/**
 * Devices that may come of one key in a day by copying it, as with a disk image that was enrolled before it was cloned: a
 * key that was stolen does not fill the store.
 */
export const MOST_COPIES_A_DAY = 1_000;

export type EnrolResult =
  | { readonly kind: "enrolled" | "known"; readonly device: DeviceRecord }
  | {
      readonly kind: "refused";
      readonly why:
        | "unknown-token"
        | "token-expired"
        | "token-used-up"
        | "token-revoked"
        /** The device that it is a copy of was removed. */
        | "unknown-device"
        | "too-many-copies"
        /** Another key has that id. */
        | "id-taken";
    };

/** Everything that one check-in changes, in one transaction. */
export interface CheckInRecord {
  readonly device: string;
  readonly keyGeneration: number;
  readonly checkIn: CheckIn;
  readonly address: string | null;
  readonly now: number;
  /** What the controller decided for each product. */
  readonly decisions: readonly {
    readonly product: string;
    readonly channel: string | null;
    readonly belowMinimum: string | null;
    /** It is a canary of what its channel points to. */
    readonly isCanary?: boolean;
    /** The promotion whose version it is offered now; the first time counts. */
    readonly offer: PromotionKey | null;
    /** Promotions that its attempts show to have been offered before they began. */
    readonly shown?: readonly PromotionKey[];
  }[];
  /** For each attempt, in their order: how it counts, and under which signature it is grouped. */
  readonly judged: readonly {
    readonly outcome: OfferOutcome;
    readonly signature: string | null;
  }[];
}

export interface CheckInResult {
  /** The sequence number was not higher than the last: there are two of it. Nothing but that was recorded. */
  readonly isCopy: boolean;
  /** Ids of attempts and handled requests that are on disk now, or were before. */
  readonly acknowledged: readonly string[];
  /** Those that wait for the device; they count as delivered. */
  readonly requests: readonly RequestRecord[];
}

export interface CheckInStore {
  /** Several that come at a time share one transaction. */
  record(record: CheckInRecord): Promise<CheckInResult>;
}

export interface AttemptStore {
  ofDevice(device: string, page: PageRequest): Promise<Page<AttemptRecord>>;
  list(
    filter: {
      readonly tenants: TenantScope;
      readonly product?: string;
      readonly version?: string;
      readonly failed?: boolean;
    },
    page: PageRequest,
  ): Promise<Page<AttemptRecord>>;
  /** Most devices first. */
  signatures(
    filter: { readonly tenants: TenantScope; readonly product: string; readonly version?: string },
    limit: number,
  ): Promise<readonly SignatureRecord[]>;
}

/** Points that are kept of one promotion. */
export const MOST_POINTS = 600;

export interface RolloutStore {
  list(tenants: TenantScope): Promise<readonly RolloutRecord[]>;
  get(promotion: PromotionKey): Promise<RolloutRecord | undefined>;
  save(rollout: RolloutRecord): Promise<void>;
  overlays(): Promise<readonly Overlay[]>;
  /**
   * The stricter of what is stored and what is given stays: a halt that is there stays as it is. What health has opened
   * is replaced by what was opened later, and of two of one second the one with fewer waves stays. What a commit has
   * ended comes back only by an overlay that is newer than its end.
   */
  saveOverlay(overlay: Overlay): Promise<void>;
  /** Ends what a commit has ended. */
  endOverlay(overlay: Overlay, commit: string, now: number): Promise<void>;
  /**
   * How a promotion stands by platform, tenant, site and tested traits, in the order in which the first device of each
   * kind was offered it. Counts devices that were enrolled before `enrolledBefore` and
   * are not gone, and outcomes after `after`; devices offered it at `silentBefore` or earlier that said nothing are
   * `silent`, and those that were offered it after `underWayFrom` are `underWay`. A device with an outcome, or silent,
   * at `after` already is in no number.
   */
  tallies(
    promotion: PromotionKey,
    when: {
      readonly enrolledBefore: number;
      readonly silentBefore: number | null;
      readonly underWayFrom: number;
      readonly after: number | null;
      readonly now: number;
    },
  ): Promise<readonly TallyRow[]>;
  /**
   * Devices of a promotion by how it went, for what the failed ones share; at most `limit` of each. Those of its channel
   * that were not offered it yet, or did not say, have no outcome.
   */
  outcomes(promotion: PromotionKey, tenants: TenantScope, limit: number): Promise<readonly DeviceOutcome[]>;
  /** Why offers of a promotion failed, and where; the sum of all is `failed` and `excused` of its tallies. */
  causes(promotion: PromotionKey, tenants: TenantScope): Promise<readonly CauseRow[]>;
  /** Notes what the gate said of a promotion whose rollout is saved. Of many points every second one is dropped. */
  addPoint(promotion: PromotionKey, point: RolloutPoint): Promise<void>;
  /** In their order, at most `MOST_POINTS`. */
  points(promotion: PromotionKey): Promise<readonly RolloutPoint[]>;
}

/** Machines of one kind whose offer failed in one way. */
export interface CauseRow {
  /** `excused`: for a cause of the machine. */
  readonly outcome: "failed" | "excused";
  readonly cause: FailureCause | null;
  /** `null`: nothing was said, or what was said is not kept any longer. */
  readonly signature: string | null;
  /** One message as it came. */
  readonly example: string | null;
  readonly platform: string;
  readonly tenant: string | null;
  readonly site: string | null;
  readonly devices: number;
  readonly firstAt: number;
}

export interface DeviceOutcome {
  readonly device: Pick<DeviceRecord, "id" | "tenant" | "site" | "labels" | "platform" | "facts">;
  readonly outcome: OfferOutcome | null;
  readonly cause: FailureCause | null;
}

export interface RequestStore {
  add(request: NewRequest, by: Actor): Promise<RequestRecord>;
  /**
   * Adds several at once, all of them or none; at most 1,000. Nothing is added of what is asked of a device already, nor to
   * one that there is not.
   *
   * @returns those that were added
   */
  addAll(requests: readonly NewRequest[], by: Actor): Promise<readonly RequestRecord[]>;
  /**
   * Cancels what of a kind waits for these devices, all of it or nothing.
   *
   * @param product `undefined`: of all products
   * @returns those that were cancelled
   */
  cancelAll(
    what: { readonly devices: readonly string[]; readonly kind: RequestKind; readonly product?: string },
    by: Actor,
    now: number,
  ): Promise<readonly RequestRecord[]>;
  cancel(id: string, by: Actor, now: number): Promise<RequestRecord | undefined>;
  get(id: string): Promise<RequestRecord | undefined>;
  list(
    filter: {
      readonly tenants: TenantScope;
      readonly device?: string;
      /** To one of these. */
      readonly devices?: readonly string[];
      readonly open?: boolean;
    },
    page: PageRequest,
  ): Promise<Page<RequestRecord>>;
}

export interface TokenStore {
  create(
    token: Omit<TokenRecord, "uses" | "revokedAt" | "createdBy">,
    digest: string,
    by: Actor,
  ): Promise<void>;
  list(tenants: TenantScope): Promise<readonly TokenRecord[]>;
  revoke(id: string, by: Actor, now: number): Promise<TokenRecord | undefined>;
}

export interface PersonStore {
  create(person: PersonRecord, tokenDigest: string, by: Actor, now: number): Promise<boolean>;
  byToken(tokenDigest: string): Promise<PersonRecord | undefined>;
  list(): Promise<readonly PersonRecord[]>;
  remove(name: string, by: Actor, now: number): Promise<boolean>;
}

export interface AuditStore {
  /** For what is not written by a call above. */
  add(entry: Omit<AuditRecord, "sequence">): Promise<void>;
  /** Newest first. */
  list(tenants: TenantScope, page: PageRequest): Promise<Page<AuditRecord>>;
}

export interface SummaryStore {
  /** What is said of the fleet as a whole, by one look. */
  look(question: SummaryQuestion): Promise<FleetSummary>;
}

export interface SummaryQuestion {
  readonly tenants: TenantScope;
  /** What channels point to, and since when. */
  readonly promotions: readonly (PromotionKey & { readonly at: number })[];
  /** Seconds without a word after which a device that is not silent yet may have disappeared with others. */
  readonly quietAfter: number;
  /** Seconds within which devices fall quiet that disappear together. */
  readonly together: number;
  readonly now: number;
}

/** Devices that are gone are in none of the counts but their own. */
export interface FleetSummary {
  readonly states: Readonly<Record<DeviceState, number>>;
  readonly versions: readonly (VersionCount & { readonly product: string })[];
  /** Of the promotions that were asked for, as far as they are known. */
  readonly rollouts: readonly RolloutRecord[];
  readonly tallies: readonly PromotionTally[];
  /** How many devices of the channel ran what it points to, each in steps of equal length up to now. */
  readonly adoption: readonly PromotionSeries[];
  /** Attempts of the last day that put the version before back. */
  readonly putBack: number;
  /** Where silent devices are: most first, at most 20 places. */
  readonly silent: readonly QuietDevices[];
  /** Devices of one place that fell quiet together and are not silent yet: most first, at most 20 places. */
  readonly disappeared: readonly (QuietDevices & { readonly ofDevices: number })[];
  /** Devices below a minimum, by that minimum. */
  readonly refused: readonly { readonly minimum: string; readonly devices: number }[];
  /** Those whose key was seen in two places, longest ago first; at most 20. */
  readonly cloned: readonly (Pick<DeviceRecord, "id" | "tenant" | "site"> & { readonly since: number })[];
  /** What those run whose last attempt failed. */
  readonly failing: readonly {
    readonly product: string;
    readonly channel: string | null;
    readonly version: string | null;
    readonly devices: number;
  }[];
  /** When a version was last halted; `null`: not as far as is known. */
  readonly lastHaltAt: number | null;
}

/** Devices of one place, and when the first and the last of them was heard of. */
export interface QuietDevices extends Pick<DeviceRecord, "tenant" | "site"> {
  readonly devices: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface PromotionTally extends PromotionKey {
  readonly offered: number;
  readonly confirmed: number;
  readonly failed: number;
  readonly excused: number;
}

export interface PromotionSeries extends PromotionKey {
  /** Seconds since 1970 of the first point, and between two. */
  readonly from: number;
  readonly step: number;
  /** At the end of each step. */
  readonly running: readonly number[];
}

export interface Upkeep {
  /** Drops what is older than it has to be kept, in short steps. @returns rows that were dropped */
  expire(keep: Retention, now: number): Promise<number>;
  /** A whole copy of the database, taken while it is in use. */
  backUp(path: string): Promise<void>;
  /** What it holds, for metrics. */
  size(): Promise<{ readonly devices: number; readonly attempts: number; readonly bytes: number }>;
}

/** Seconds. */
export interface Retention {
  readonly attempts: number;
  readonly audit: number;
  /** After its end. */
  readonly rollouts: number;
}
