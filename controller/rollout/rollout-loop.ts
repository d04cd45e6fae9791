import { isActive } from "../../protocol/candidates.ts";
import { countsAtGate } from "../../protocol/gate/failure-causes.ts";
import { UNDER_WAY_FOR } from "../../protocol/gate/standing.ts";
import { chooseStrata, NO_STRATA, type Strata } from "../../protocol/gate/strata.ts";
import type { ChannelPolicy, ProductPolicy } from "../../protocol/policy.ts";
import type { Release } from "../../protocol/release.ts";
import { rolloutStart } from "../../protocol/waves.ts";
import { endOf, overlaysOf, stricterOf, withNews } from "../desired/apply-overlays.ts";
import type { GateCheck, GateChecks } from "../desired/gate-checks.ts";
import { type Overlay, type PromotionKey, promotionName } from "../desired/overlay.ts";
import type { DeviceStore, RolloutStore } from "../fleet/store/fleet-store.ts";
import type {
  CheckObservation,
  RolloutPoint,
  RolloutRecord,
  RolloutTest,
  TallyRow,
} from "../fleet/store/records.ts";
import { type CheckAnswer, observeCheck } from "./checks/observe-check.ts";
import { judgeRollout } from "./judge-rollout.ts";
import { replacedRecord } from "./rollout-marks.ts";
import type { RolloutReport } from "./rollout-report.ts";
import { stratumSizes } from "./tallied-rows.ts";

/** The products of the manifest that is served, by name. */
export type ServedProducts = ReadonlyMap<string, ServedProduct>;

interface ServedProduct {
  readonly policy: ProductPolicy;
  findRelease(version: string): Release | undefined;
}

export interface RolloutLoopParts {
  readonly store: {
    readonly rollouts: Pick<
      RolloutStore,
      "addPoint" | "get" | "list" | "save" | "overlays" | "saveOverlay" | "endOverlay" | "tallies"
    >;
    readonly devices: Pick<DeviceStore, "kinds">;
  };
  /** Hands over everything that is to be added to policy, whole. */
  readonly publishOverlays: (overlays: readonly Overlay[]) => void;
  /** Asks a check once; never rejects. */
  readonly ask: (check: GateCheck, promotion: PromotionKey) => Promise<CheckAnswer>;
  readonly report: RolloutReport;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** Milliseconds between the first report and the look that counts it: a wave reports by the hundred. */
const SETTLE_MS = 2_000;
/** Looks take at most one part in so many of the thread's time: it has check-ins to answer. */
const MOST_PART_OF_TIME = 10;
/** Milliseconds between two looks when nothing happens: silence and time count by themselves. */
const LOOK_MS = 60_000;
/** Milliseconds between two rounds of checks. */
const CHECK_MS = 30_000;
/** Checks that are asked at a time. */
const CHECKS_AT_ONCE = 4;

/**
 * Looks at every rollout that is served, again and again: soon after reports came, when the manifest changes, when the
 * next wave's time comes, and once a minute. Reads counted tallies, never single attempts.
 *
 * What is added to policy goes to the store and then to who publishes. A store that fails holds up no halt: what is
 * published is what holds, and the store learns of it later.
 */
export class RolloutLoop {
  private readonly parts: RolloutLoopParts;
  private served: ServedProducts | undefined;
  /** By former names of tenants, what they are called now. */
  private presentNames: ReadonlyMap<string, string> = new Map();
  private checks: GateChecks | undefined;
  private overlays: readonly Overlay[] = [];
  /** Overlays that the store does not have yet. */
  private unsaved: readonly Overlay[] = [];
  private hasReadBack = false;
  /** What was said last of the promotion that each channel points to, by `product/channel`. */
  private readonly records = new Map<string, RolloutRecord>();
  /** What of it is on disk, as JSON. */
  private readonly saved = new Map<string, string>();
  private readonly observations = new Map<string, ReadonlyMap<string, CheckObservation>>();
  private listeningSince = 0;
  private running: Promise<void> | undefined;
  private checking: Promise<void> | undefined;
  private isDue = false;
  private lastLookMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Number.POSITIVE_INFINITY;
  private checkTimer: NodeJS.Timeout | undefined;
  private isStarted = false;
  private isStopped = false;

  constructor(parts: RolloutLoopParts) {
    this.parts = parts;
  }

  /**
   * What the store adds to policy. To be known before anything is published, so that a lost manifest lifts no halt.
   *
   * @throws StoreError
   */
  async readOverlays(): Promise<readonly Overlay[]> {
    this.overlays = await this.parts.store.rollouts.overlays();
    return this.overlays;
  }

  /** From now on devices can report. */
  start(): void {
    this.isStarted = true;
    this.listeningSince = this.parts.now();
    this.checkTimer = setInterval(() => this.askChecks(), CHECK_MS);
    this.lookWithin(0);
  }

  /**
   * This is what agents get from now on.
   *
   * @param formerNames names that tenants had before, with what each is called now
   */
  takeManifest(
    products: ServedProducts,
    formerNames: readonly (readonly [former: string, tenant: string])[] = [],
  ): void {
    this.served = products;
    this.presentNames = new Map(formerNames);
    this.lookWithin(0);
  }

  /** What state asks of running versions. */
  takeChecks(checks: GateChecks): void {
    this.checks = checks;
    this.askChecks();
  }

  /** Devices have reported. */
  reported(): void {
    this.lookWithin(Math.max(SETTLE_MS, this.lastLookMs * MOST_PART_OF_TIME));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    clearInterval(this.checkTimer);
    await this.running;
    await this.checking;
  }

  private lookWithin(milliseconds: number): void {
    if (this.isStopped || !this.isStarted) return;
    const at = performance.now() + milliseconds;
    if (at >= this.timerAt) return;
    clearTimeout(this.timer);
    this.timerAt = at;
    this.timer = setTimeout(() => this.look(), milliseconds);
  }

  private look(): void {
    this.timerAt = Number.POSITIVE_INFINITY;
    this.isDue = true;
    this.running ??= this.drain().finally(() => {
      this.running = undefined;
    });
  }

  private async drain(): Promise<void> {
    while (this.isDue && !this.isStopped) {
      this.isDue = false;
      const began = performance.now();
      try {
        await this.lookAtAll();
        this.lastLookMs = performance.now() - began;
      } catch (error) {
        this.parts.report.failed(error);
      }
    }
    this.lookWithin(this.untilNext());
  }

  /** Until time alone changes something, or it is time to look anyway. */
  private untilNext(): number {
    const now = this.parts.now();
    const ahead = [...this.records.values()].map(({ nextAt }) => ((nextAt ?? Infinity) - now) * 1000);
    return Math.min(LOOK_MS, Math.max(1_000, ...(ahead.length === 0 ? [LOOK_MS] : [Math.min(...ahead)])));
  }

  private async lookAtAll(): Promise<void> {
    const { served } = this;
    if (served === undefined) return;
    this.readBack(served);
    await this.endOverlays(served);
    let isFine = true;
    for (const product of served.values()) {
      const { policy } = product;
      for (const [name, channel] of Object.entries(policy.channels)) {
        if (this.isStopped) return;
        const promotion = promotionOf(policy, name, channel);
        try {
          await this.lookAt(product, name, channel);
        } catch (error) {
          isFine = false;
          this.parts.report.failed(error, promotion);
        }
      }
    }
    this.parts.report.standing([...this.records.values()]);
    await this.dropGone(served);
    await this.saveLate();
    if (isFine) this.parts.report.recovered();
  }

  /** What is published may say more than the store, which may be new or an old copy: the stricter of both counts. */
  private readBack(served: ServedProducts): void {
    const published = overlaysOf([...served.values()].map(({ policy }) => policy));
    if (this.hasReadBack) {
      // What a halt says in policy holds, whoever wrote it there.
      this.unsaved = withNews(this.unsaved, missing(published, this.overlays));
      this.overlays = withNews(published, this.overlays);
      return;
    }
    this.hasReadBack = true;
    const both = stricterOf(published, this.overlays);
    this.unsaved = withNews(this.unsaved, missing(both, this.overlays));
    this.overlays = both;
    this.parts.publishOverlays(this.overlays);
  }

  private async endOverlays(served: ServedProducts): Promise<void> {
    const standing: Overlay[] = [];
    for (const overlay of this.overlays) {
      const policy = served.get(overlay.product)?.policy;
      const channel = policy === undefined ? undefined : ownChannel(policy, overlay.channel);
      const why = channel === undefined ? undefined : endOf(overlay, channel);
      if (policy === undefined || why === undefined) {
        standing.push(overlay);
        continue;
      }
      await this.parts.store.rollouts.endOverlay(overlay, policy.commit, this.parts.now());
      this.parts.report.ended(overlay, why, policy.commit);
      this.unsaved = this.unsaved.filter((other) => !isSame(other, overlay));
    }
    this.overlays = standing;
  }

  private async lookAt(product: ServedProduct, name: string, channel: ChannelPolicy): Promise<void> {
    const { policy } = product;
    const promotion = promotionOf(policy, name, channel);
    const before = await this.recordBefore(promotion);
    const now = this.parts.now();
    const release = product.findRelease(promotion.version);
    const { record, overlays } = judgeRollout({
      product: policy,
      channelName: name,
      channel,
      severity: release?.severity ?? "normal",
      isYanked: release === undefined || !isActive(policy, release, undefined),
      overlays: this.overlays.filter((overlay) => isOf(overlay, promotion)),
      before,
      strata: before === undefined ? await this.strataOf(promotion.product) : NO_STRATA,
      tallies: await this.talliesOf(promotion, channel, now),
      checks: this.checksOf(promotion, before, now),
      listeningSince: this.listeningSince,
      now,
    });
    for (const overlay of overlays) await this.add(overlay);
    const key = channelKey(promotion);
    this.records.set(key, record);
    if (record.state !== before?.state) this.parts.report.changed(record);
    const json = JSON.stringify(record);
    if (json === (this.saved.get(key) ?? JSON.stringify(before))) return;
    await this.parts.store.rollouts.save(record);
    this.saved.set(key, json);
    const point = pointOf(record, now);
    if (point !== undefined) await this.parts.store.rollouts.addPoint(promotion, point);
  }

  /** What is known of the promotion. Where the channel pointed to another one before, that one has ended. */
  private async recordBefore(promotion: PromotionKey): Promise<RolloutRecord | undefined> {
    const key = channelKey(promotion);
    const known = this.records.get(key);
    if (known !== undefined && promotionName(known) === promotionName(promotion)) return known;
    if (known !== undefined) {
      await this.parts.store.rollouts.save(replacedRecord(known, promotion.version, this.parts.now()));
      this.records.delete(key);
      this.saved.delete(key);
      this.observations.delete(promotionName(known));
    }
    return this.parts.store.rollouts.get(promotion);
  }

  private async dropGone(served: ServedProducts): Promise<void> {
    for (const [key, record] of this.records) {
      const policy = served.get(record.product)?.policy;
      if (policy !== undefined && ownChannel(policy, record.channel) !== undefined) continue;
      await this.parts.store.rollouts.save(replacedRecord(record, undefined, this.parts.now()));
      this.records.delete(key);
      this.saved.delete(key);
    }
  }

  private async strataOf(product: string): Promise<Strata> {
    return chooseStrata(stratumSizes(await this.parts.store.devices.kinds(product, this.parts.now())));
  }

  private async talliesOf(
    promotion: PromotionKey,
    channel: ChannelPolicy,
    now: number,
  ): Promise<readonly TallyRow[]> {
    const gate = channel.rollout?.gate;
    const { resumed } = channel;
    const silentAfter =
      gate?.silentAfter !== undefined && countsAtGate(gate, "silent") ? gate.silentAfter : null;
    const rows = await this.parts.store.rollouts.tallies(promotion, {
      enrolledBefore: rolloutStart(channel, channel.current).at,
      silentBefore: silentAfter === null ? null : now - silentAfter,
      underWayFrom: now - UNDER_WAY_FOR,
      after: resumed?.at ?? null,
      now,
    });
    const { presentNames } = this;
    if (presentNames.size === 0) return rows;
    // A renamed tenant is one tenant, or its share of the failures would be capped under each of its names.
    return rows.map((row) => ({ ...row, tenant: presentNames.get(row.tenant ?? "") ?? row.tenant }));
  }

  private async add(overlay: Overlay): Promise<void> {
    try {
      await this.parts.store.rollouts.saveOverlay(overlay);
    } catch (error) {
      // A wave can wait until it is on disk. A halt cannot.
      if (overlay.kind === "opened") throw error;
      this.parts.report.failed(error, overlay);
      this.unsaved = [...this.unsaved, overlay];
    }
    this.overlays = withNews(this.overlays, [overlay]);
    this.parts.publishOverlays(this.overlays);
    this.parts.report.added(overlay);
  }

  private async saveLate(): Promise<void> {
    for (const overlay of this.unsaved) {
      await this.parts.store.rollouts.saveOverlay(overlay);
      this.unsaved = this.unsaved.filter((other) => other !== overlay);
    }
  }

  private checksOf(
    promotion: PromotionKey,
    before: RolloutRecord | undefined,
    now: number,
  ): readonly CheckObservation[] {
    const known = before?.judgement.checks ?? [];
    // Until git has been read nobody knows what is to be asked: what was asked before proves nothing any more.
    if (this.checks === undefined) return known.map((check) => unanswered(check.name, check, now));
    const observed = this.observations.get(promotionName(promotion));
    return (this.checks[channelKey(promotion)] ?? []).map(({ name }) => {
      const before = known.find((check) => check.name === name);
      return observed?.get(name) ?? unanswered(name, before, now);
    });
  }

  private askChecks(): void {
    if (this.isStopped || !this.isStarted) return;
    this.checking ??= this.askAll()
      .catch((error: unknown) => this.parts.report.failed(error))
      .finally(() => {
        this.checking = undefined;
      });
  }

  private async askAll(): Promise<void> {
    const questions = [...this.records.values()].flatMap((record) => {
      const isAsked = record.state !== "pending" && record.state !== "halted";
      return isAsked ? (this.checks?.[channelKey(record)] ?? []).map((check) => ({ record, check })) : [];
    });
    if (questions.length === 0) return;
    const next = questions.values();
    const askSome = async (): Promise<void> => {
      for (const { record, check } of next) {
        if (this.isStopped) return;
        this.observe(record, check, await this.parts.ask(check, record));
      }
    };
    await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, askSome));
    this.lookWithin(0);
  }

  private observe(record: RolloutRecord, check: GateCheck, answer: CheckAnswer): void {
    const promotion = promotionName(record);
    const observed = this.observations.get(promotion);
    const before =
      observed?.get(check.name) ?? record.judgement.checks.find(({ name }) => name === check.name);
    const next = observeCheck(check, before, answer, this.parts.now());
    this.observations.set(promotion, new Map(observed).set(check.name, next));
  }
}

/** What people see of a look along the line of a rollout; `undefined`: it has not begun. */
function pointOf(
  { state, allowed, judgement: { gate } }: RolloutRecord,
  at: number,
): RolloutPoint | undefined {
  if (state === "pending") return undefined;
  const tests = (gate?.tests ?? []).flatMap(
    ({ dimension, value, failures, counted, evidence, needed }): RolloutTest[] => {
      const numbers = { failures, counted, evidence, needed };
      if (dimension === undefined || value === undefined) return [numbers];
      return dimension === "platform" ? [{ platform: value, ...numbers }] : [];
    },
  );
  return { at, allowed, tests };
}

/** Not asked yet by this process. How long it has failed before goes on counting. */
function unanswered(name: string, before: CheckObservation | undefined, now: number): CheckObservation {
  return {
    name,
    verdict: "inconclusive",
    text: "it was not asked yet",
    at: before?.at ?? now,
    failingSince: before?.failingSince ?? null,
  };
}

function missing(all: readonly Overlay[], known: readonly Overlay[]): Overlay[] {
  return all.filter((overlay) => !known.some((other) => isSame(other, overlay)));
}

function isSame(a: Overlay, b: Overlay): boolean {
  if (!isOf(a, b) || a.commit !== b.commit || a.version !== b.version) return false;
  return a.kind === "halt" ? b.kind === "halt" && a.at === b.at : b.kind === "opened" && a.waves === b.waves;
}

/** Of the same channel; whether it says anything of the promotion is decided where it is judged. */
function isOf(overlay: PromotionKey, { product, channel }: PromotionKey): boolean {
  return overlay.product === product && overlay.channel === channel;
}

function channelKey({ product, channel }: PromotionKey): string {
  return `${product}/${channel}`;
}

function promotionOf(policy: ProductPolicy, channel: string, { current }: ChannelPolicy): PromotionKey {
  return { product: policy.product, channel, version: current.version, commit: current.commit };
}

function ownChannel({ channels }: ProductPolicy, name: string): ChannelPolicy | undefined {
  return Object.hasOwn(channels, name) ? channels[name] : undefined;
}
