import { findRelease } from "../../protocol/candidates.ts";
import { cohort } from "../../protocol/cohort.ts";
import type { Decision, RefusalCode } from "../../protocol/decision.ts";
import { summariseUnmet } from "../../protocol/requirements.ts";
import { own } from "../../protocol/scope.ts";
import { WHOLE_PPM } from "../../protocol/share.ts";
import { compareVersions } from "../../protocol/version.ts";
import { rolloutStart } from "../../protocol/waves.ts";
import type { DesiredState } from "../desired/desired-state.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { CanaryCoverage } from "./canary-coverage.ts";
import { changedScopes, type TouchedBy } from "./changed-scopes.ts";
import { channelOfRecord } from "./channel-of-record.ts";
import { type ChangeKind, compareDevice, type DeviceChange } from "./compare-device.ts";
import { Foreseer, kindOf } from "./foreseer.ts";
import { GateReaches } from "./gate-reach.ts";
import { LaggingScopes } from "./lagging-scopes.ts";
import { missedSecurity } from "./missed-security.ts";
import {
  type BelowMinimum,
  type Held,
  PLAN_DIMENSIONS,
  type Plan,
  type PlanDimension,
  type PlannedExpectation,
  type PlannedInventory,
  type PlannedMisfit,
  type PlanShare,
  type Refusal,
  type Retiming,
  type Transition,
} from "./plan.ts";
import { type HeldSecurity, planWarnings, type YankedInUse } from "./plan-warnings.ts";
import { type RemovedName, removedNames } from "./removed-names.ts";
import { underItsName } from "./renamed-records.ts";
import { RetimedRollouts } from "./retimed-rollouts.ts";
import { scheduleOf } from "./schedule-of.ts";
import { Tallies, type Tally } from "./tally.ts";
import { waveOpenings, wavesOfCurrent } from "./wave-openings.ts";

export interface PlanInventory extends Omit<PlannedInventory, "total"> {
  readonly records: readonly InventoryRecord[];
}

/** An inventory that is read while the plan is made: no more of it is in memory than one batch. */
export interface StreamedInventory extends Omit<PlannedInventory, "total"> {
  readonly batches: AsyncIterable<readonly InventoryRecord[]>;
}

export interface PlanOptions {
  /** Called now and then with how many records are done. */
  readonly onProgress?: (done: number) => void;
  /** What `plannedExpectations` says of the same change. */
  readonly expectations?: readonly PlannedExpectation[];
}

const PROGRESS_STEP = 1000;

/**
 * What changes for each device of an inventory when `before` becomes `after`, by asking `decide` on both sides what it
 * runs in the end and when. Pure but for the progress. Give `after` through `asMergedNow`, or its waves count from
 * the commits of the branch.
 *
 * @param now seconds since 1970: the time of the merge
 */
export function computePlan(
  before: DesiredState,
  after: DesiredState,
  { kind, name, records }: PlanInventory,
  now: number,
  options: PlanOptions = {},
): Plan {
  const planning = new Planning(before, after, kind, now, options);
  for (const record of records) planning.add(record);
  return { ...planning.finish(name), expectations: options.expectations ?? [] };
}

/** The same of an inventory that is read meanwhile. @throws whatever its reading throws */
export async function computeStreamedPlan(
  before: DesiredState,
  after: DesiredState,
  { kind, name, batches }: StreamedInventory,
  now: number,
  options: Pick<PlanOptions, "onProgress"> = {},
): Promise<Omit<Plan, "expectations">> {
  const planning = new Planning(before, after, kind, now, options);
  for await (const batch of batches) for (const record of batch) planning.add(record);
  return planning.finish(name);
}

type Step = Pick<Transition, "product" | "channel" | "from" | "to" | "via">;
interface TimedStep extends Step {
  /** Devices by the second at which they take the last step. */
  readonly starts: Map<number, number>;
}

interface TimedRollout extends Pick<Retiming, "product" | "channel" | "version"> {
  earlier: number;
  later: number;
  readonly starts: Map<number, number>;
}

type Misfits = Omit<PlannedMisfit, "devices" | "examples" | "instead" | "added"> & {
  added: number;
  readonly instead: Map<string | null, number>;
};

/** Adds up the devices of one plan. */
class Planning {
  private readonly before: DesiredState;
  private readonly after: DesiredState;
  private readonly was: Foreseer;
  private readonly is: Foreseer;
  private readonly isTouched: TouchedBy;
  private readonly onProgress: PlanOptions["onProgress"];
  private readonly kind: PlannedInventory["kind"];
  private readonly now: number;
  private readonly rollouts: RetimedRollouts;
  private readonly lagging: LaggingScopes;
  private readonly transitions = new Tallies<TimedStep>();
  private readonly stopped = new Tallies<TimedStep>();
  private readonly retimed = new Tallies<TimedRollout>();
  private readonly belowMinimum = new Tallies<
    Omit<BelowMinimum, "devices" | "examples"> & { stuck: number }
  >();
  private readonly refusals = new Tallies<Omit<Refusal, "devices" | "examples"> & { added: number }>();
  private readonly misfits = new Tallies<Misfits>();
  private readonly stranded = new Tallies<RemovedName>();
  private readonly held = new Tallies<Omit<Held, "devices" | "examples">>();
  private readonly yankedInUse = new Tallies<YankedInUse>();
  private readonly securityHeld = new Tallies<HeldSecurity>();
  private readonly canaries = new CanaryCoverage();
  private readonly gates = new GateReaches();
  private readonly unknownDevices = new Tallies<"held" | "updated">();
  private readonly unknownTenants = new Tallies<string>();
  private readonly unknownProducts = new Tallies<string>();
  private readonly shares = new Map<PlanDimension, Map<string, { total: number; moving: number }>>();
  private readonly counts = { moves: 0, stops: 0, retimed: 0, same: 0 };
  private total = 0;

  constructor(
    before: DesiredState,
    after: DesiredState,
    kind: PlannedInventory["kind"],
    now: number,
    { onProgress }: PlanOptions,
  ) {
    this.before = before;
    this.after = after;
    this.was = new Foreseer(before, now);
    this.is = new Foreseer(after, now);
    this.isTouched = changedScopes(before, after);
    this.onProgress = onProgress;
    this.kind = kind;
    this.now = now;
    this.rollouts = new RetimedRollouts(before, after, now);
    this.lagging = new LaggingScopes(this.was, this.is, now);
    for (const dimension of PLAN_DIMENSIONS) this.shares.set(dimension, new Map());
  }

  add(given: InventoryRecord): void {
    if (this.total % PROGRESS_STEP === 0) this.onProgress?.(this.total);
    this.total++;
    const isTouched = this.isTouched(given);
    const removed = isTouched ? removedNames(this.before, this.after, given) : [];
    for (const { what, name } of removed) {
      this.stranded.add([what, name], () => ({ what, name }), given.device);
    }
    const isLost = removed.some(({ what }) => what === "product" || what === "tenant");
    const named = underItsName(this.after, this.before, given);
    const { device, product, tenant } = named;
    const like = kindOf(given);
    if (!isLost && !this.after.products.has(product)) {
      this.unknownProducts.add([product], () => product, device);
    }
    if (!isLost && tenant !== undefined && !this.after.tenants.has(tenant)) {
      this.unknownTenants.add([tenant], () => tenant, device);
    }
    if (tenant === undefined && this.after.tenants.size > 0) {
      const isHeld = this.after.products.get(product)?.policy.fleet.unknownDevices === "hold";
      const what = isHeld ? "held" : "updated";
      this.unknownDevices.add([what], () => what, device);
    }
    // Who finds no policy any more stays as it is, whatever that would have said.
    const compared = isTouched && !isLost ? compareDevice(this.was, this.is, given, like) : undefined;
    const groups = this.is.groupsOf(named, like);
    const { record, change, kind } = this.meaningOf(given, named, compared);
    this.counts[kind]++;
    this.countShares(record, groups, change, kind === "moves");
    if (change === undefined) return;
    if (kind === "moves") this.countStep(this.transitions, record, change);
    if (kind === "moves") this.countFirst(record, groups, change);
    if (kind === "stops") this.countStep(this.stopped, record, change);
    if (kind === "retimed") this.countRetimed(record, change);
    this.countMinimum(record, change);
    this.countRefusal(record, change);
    this.countMisfit(record, change);
    this.countHold(record, change);
    this.countHeldSecurity(record, change);
  }

  /**
   * What the change means to a record. A scope stands for machines of which nobody knows how far they are, and is taken to
   * have arrived: it is retimed where the waves are that lead there, and what holds back those of it who are still on the
   * way counts for all of it.
   */
  private meaningOf(
    given: InventoryRecord,
    record: InventoryRecord,
    change: DeviceChange | undefined,
  ): {
    readonly record: InventoryRecord;
    readonly change: DeviceChange | undefined;
    readonly kind: ChangeKind;
  } {
    if (change === undefined) return { record, change, kind: "same" };
    if (change.kind !== "same" || this.kind !== "scopes") return { record, change, kind: change.kind };
    const lagging = this.lagging.changeOf(given);
    const isHeld = lagging?.change.hold !== undefined && lagging.change.hold.by !== "wave";
    const { last, finally: version } = change.after;
    const isRetimed =
      last.action === "stay" &&
      last.channel !== undefined &&
      this.rollouts.moves(record.product, last.channel, version);
    if (isRetimed && !isHeld) return { record, change, kind: "retimed" };
    if (lagging === undefined) return { record, change, kind: "same" };
    const { installed, change: late } = lagging;
    return { record: { ...record, installed }, change: late, kind: late.kind };
  }

  private countRetimed({ device, product }: InventoryRecord, { before, after }: DeviceChange): void {
    const channel = after.last.channel ?? "";
    const version = after.finally;
    const what = { product, channel, version, earlier: 0, later: 0, starts: new Map() };
    const tally = this.retimed.add([product, channel, version], () => what, device);
    const was = before?.steps.at(-1)?.at;
    const is = after.steps.at(-1)?.at;
    if (was === undefined || is === undefined) return;
    if (is < was) tally.what.earlier++;
    else tally.what.later++;
    tally.what.starts.set(is, (tally.what.starts.get(is) ?? 0) + 1);
  }

  private countShares(
    { product, tenant, site, platform }: InventoryRecord,
    groups: readonly string[],
    change: DeviceChange | undefined,
    moves: boolean,
  ): void {
    const channel = change?.after.first.channel;
    this.countShare("product", product, moves);
    this.countShare("platform", platform, moves);
    if (channel !== undefined) this.countShare("channel", `${product}/${channel}`, moves);
    if (tenant !== undefined) this.countShare("tenant", tenant, moves);
    if (tenant !== undefined && site !== undefined) this.countShare("site", `${tenant}/${site}`, moves);
    for (const group of groups) this.countShare("group", group, moves);
  }

  private countShare(dimension: PlanDimension, name: string, moves: boolean): void {
    const shares = this.shares.get(dimension);
    const share = shares?.get(name) ?? { total: 0, moving: 0 };
    share.total++;
    if (moves) share.moving++;
    shares?.set(name, share);
  }

  private countStep(
    tallies: Tallies<TimedStep>,
    record: InventoryRecord,
    { kind, before, after }: DeviceChange,
  ): void {
    const { device, product, installed: from } = record;
    const channel = after.last.channel ?? after.first.channel ?? before?.last.channel ?? "";
    const to = kind === "moves" ? after.finally : (before?.finally ?? null);
    const via = (kind === "moves" ? after.steps : []).slice(0, -1).map(({ version }) => version);
    const tally = tallies.add(
      [product, channel, from, to, ...via],
      () => ({ product, channel, from, to, via, starts: new Map() }),
      device,
    );
    const at = after.steps.at(-1)?.at;
    if (at !== undefined) tally.what.starts.set(at, (tally.what.starts.get(at) ?? 0) + 1);
  }

  private countFirst(record: InventoryRecord, groups: readonly string[], { after }: DeviceChange): void {
    const { product, device } = record;
    const desired = this.after.products.get(product);
    const name = after.last.channel ?? "";
    const channel = own(desired?.policy.channels, name);
    if (desired === undefined || channel?.rollout === undefined) return;
    const { rollout, current } = channel;
    if (current.version !== after.finally) return;
    if (rollout.canary === undefined && rollout.gate === undefined) return;
    this.canaries.add(record, rollout, name, current.version, groups);
    const severity = findRelease(desired.releases, current.version)?.severity ?? "normal";
    const fraction = cohort(product, current.version, device);
    this.gates.add({ product, channel: name, version: current.version }, rollout, severity, {
      id: device,
      groups,
      fraction,
    });
  }

  private countMinimum(
    { device, product, installed }: InventoryRecord,
    { before, after }: DeviceChange,
  ): void {
    const minimum = after.first.belowMinimum;
    if (minimum === undefined || installed === null || before?.first.belowMinimum === minimum) return;
    const what = { product, installed, minimum, stuck: 0 };
    const tally = this.belowMinimum.add([product, installed, minimum], () => what, device);
    if (after.steps.length === 0) tally.what.stuck++;
  }

  private countRefusal(
    { device, product, installed, platform }: InventoryRecord,
    { before, after }: DeviceChange,
  ): void {
    const { last } = after;
    if (last.action !== "refuse") return;
    const { code, channel = "", target = null } = last;
    const version = after.finally;
    const where = version === null ? undefined : this.yankOf(product, version, platform);
    if (version !== null && where !== undefined) {
      this.yankedInUse.add([product, version, where], () => ({ product, version, where }), device);
    }
    // Those who lack something are counted by its cause, whether they stay or take something older.
    if (code === "requirement-not-met") return;
    const reason = last.trail.at(-1)?.text ?? code;
    const what = { code, product, channel, installed, target, added: 0, reason };
    const tally = this.refusals.add([code, product, channel, installed, target], () => what, device);
    if (refusalOf(before?.last) !== code) tally.what.added++;
  }

  private countMisfit({ device, product }: InventoryRecord, { before, after }: DeviceChange): void {
    const { misfit, channel = "" } = after.last;
    if (misfit === undefined) return;
    const { target, version } = misfit;
    const cause = misfit.unmet.map(summariseUnmet).join(", ");
    const what = { product, channel, target, version, cause, added: 0, instead: new Map() };
    const tally = this.misfits.add([product, channel, target, version, cause], () => what, device);
    if (before?.last.misfit?.target !== target) tally.what.added++;
    const { instead } = tally.what;
    instead.set(after.finally, (instead.get(after.finally) ?? 0) + 1);
  }

  /** Where a version is yanked, as far as it concerns a platform: see `YankedInUse`; `undefined`: it is not. */
  private yankOf(product: string, version: string, platform: string): string | undefined {
    const policy = this.after.products.get(product)?.policy;
    if (policy?.yanked.includes(version) === true) return "";
    return own(policy?.yankedFor, version)?.includes(platform) === true ? ` for ${platform}` : undefined;
  }

  private countHold({ device, product }: InventoryRecord, { hold }: DeviceChange): void {
    if (hold === undefined) return;
    const { by, entry } = hold;
    // The text of a wave names the device's own place in the queue, so that no two devices would be counted together.
    const reason = by === "wave" ? entry.text.slice(entry.text.indexOf(": ") + 2) : entry.text;
    const where = entry.where ?? null;
    this.held.add([by, product, where, reason], () => ({ by, product, reason, where }), device);
  }

  private countHeldSecurity(record: InventoryRecord, { hold, after }: DeviceChange): void {
    const { device, product, installed } = record;
    const by = hold?.by;
    if (installed === null || (by !== "pin" && by !== "pause" && by !== "freeze" && by !== "window")) return;
    const desired = this.after.products.get(product);
    const channel = after.last.channel ?? channelOfRecord(this.after, record);
    const offered =
      channel === undefined ? undefined : own(desired?.policy.channels, channel)?.current.version;
    if (desired === undefined || channel === undefined || offered === undefined) return;
    const version = missedSecurity(desired, installed, offered);
    if (version === undefined) return;
    this.securityHeld.add([product, channel, version, by], () => ({ product, channel, version, by }), device);
  }

  finish(name: string): Omit<Plan, "expectations"> {
    const { kind, total } = this;
    this.onProgress?.(total);
    const { moves: devices, stops: stopped, retimed } = this.counts;
    const touched = devices + stopped + retimed;
    const shareOf = (count: number): number => (total === 0 ? 0 : Math.round((count * WHOLE_PPM) / total));
    const found = {
      transitions: this.transitions.sorted().map((tally) => this.transitionOf(tally)),
      stopped: this.stopped.sorted().map((tally) => this.transitionOf(tally)),
      retimed: this.retimed.sorted().map((tally) => this.retimingOf(tally)),
      belowMinimum: this.belowMinimum.sorted().map(flat),
      refusals: this.refusals.sorted().map(flat),
      misfits: this.misfits.sorted().map(misfitOf),
      stranded: this.stranded.sorted().map(flat),
      held: this.held.sorted().map(flat),
    };
    const uncovered = this.canaries.missing();
    const { yankedInUse, securityHeld, unknownDevices, unknownTenants, unknownProducts } = this;
    return {
      before: this.before.commit,
      after: this.after.commit,
      now: this.now,
      inventory: { kind, name, total },
      warnings: planWarnings({
        ...found,
        ...{ kind, now: this.now },
        uncovered,
        undecided: this.gates.undecided(),
        yankedInUse,
        securityHeld,
        unknownDevices,
        unknownTenants,
        unknownProducts,
      }),
      blast: {
        ...{ devices, share: shareOf(devices), stopped, retimed },
        ...{ touched, touchedShare: shareOf(touched) },
      },
      ...found,
      openings: waveOpenings(this.before, this.after),
      by: {
        product: this.sharesOf("product"),
        channel: this.sharesOf("channel"),
        tenant: this.sharesOf("tenant"),
        site: this.sharesOf("site"),
        group: this.sharesOf("group"),
        platform: this.sharesOf("platform"),
      },
    };
  }

  private sharesOf(dimension: PlanDimension): PlanShare[] {
    return [...(this.shares.get(dimension) ?? [])]
      .map(([name, share]) => ({ name, ...share }))
      .filter(({ moving }) => moving > 0)
      .sort((a, b) => b.moving - a.moving || (a.name < b.name ? -1 : 1));
  }

  private transitionOf({ what: { starts, ...step }, devices, examples }: Tally<TimedStep>): Transition {
    const policy = this.after.products.get(step.product)?.policy;
    const { from, to } = step;
    const goesDown =
      policy !== undefined &&
      from !== null &&
      to !== null &&
      compareVersions(policy.versionScheme, to, from) < 0;
    // A declared rollback waits for no wave.
    const waves = goesDown ? { waves: [] } : this.wavesOf(step);
    return { ...step, devices, goesDown, ...waves, schedule: scheduleOf(starts), examples };
  }

  private retimingOf({ what: { starts, ...what }, devices, examples }: Tally<TimedRollout>): Retiming {
    const waves = this.rollouts.wavesOf(what.product, what.channel, what.version);
    return { ...what, devices, ...waves, schedule: scheduleOf(starts), examples };
  }

  private wavesOf({ product: name, channel, to }: Step): Pick<Transition, "waves" | "begins"> {
    const product = this.after.products.get(name);
    const policy = own(product?.policy.channels, channel);
    if (product === undefined || policy?.rollout === undefined || policy.current.version !== to) {
      return { waves: [] };
    }
    return { waves: wavesOfCurrent(product, policy), begins: rolloutStart(policy, policy.current) };
  }
}

function refusalOf(decision: Decision | undefined): RefusalCode | undefined {
  return decision?.action === "refuse" ? decision.code : undefined;
}

function flat<T extends object>({
  what,
  devices,
  examples,
}: Tally<T>): T & { devices: number; examples: string[] } {
  return { ...what, devices, examples };
}

function misfitOf(tally: Tally<Misfits>): PlannedMisfit {
  const { instead, ...rest } = flat(tally);
  const versions = [...instead].map(([version, devices]) => ({ version, devices }));
  return { ...rest, instead: versions.sort((a, b) => b.devices - a.devices) };
}
