import type { FailureCause } from "../../../../protocol/gate/failure-causes.ts";
import { testedTraits } from "../../../../protocol/gate/strata.ts";
import type { Facts } from "../../../../protocol/requirements.ts";
import type { PromotionKey } from "../../../desired/overlay.ts";
import type { OfferOutcome } from "../records.ts";
import { integer, integerOrNull, text, textOrNull, wordOrNull } from "./columns.ts";
import type { Database } from "./database.ts";

/** Worse ones later: of two attempts that ended in the same second the worse counts, as at the gate. */
export const OFFER_OUTCOMES = ["confirmed", "excused", "failed"] as const satisfies readonly OfferOutcome[];

/** What of a device decides where it is counted. */
export interface CountedDevice {
  readonly number: number;
  readonly platform: string;
  readonly tenant: string | null;
  readonly site: string | null;
}

export interface CountedOutcome {
  readonly outcome: OfferOutcome;
  readonly cause: FailureCause | null;
  /** The number of the signature that it is grouped under. */
  readonly signature: number | null;
  /** When the attempt ended, by the controller's clock. */
  readonly attemptAt: number;
  readonly reportedAt: number;
}

/**
 * Notes the first time that a promotion was offered to a device, and what it is then. Attempts that were reported in the same second before
 * count for it, as all that come later do.
 */
export function countOffer(
  database: Database,
  device: CountedDevice,
  facts: Facts | undefined,
  key: PromotionKey,
  now: number,
): void {
  const promotion = promotionNumber(database, key, now);
  const known = database.first(
    "SELECT 1 FROM offer WHERE promotion = ? AND device = ?",
    promotion,
    device.number,
  );
  if (known !== undefined) return;
  const tally = tallyNumber(database, promotion, device, JSON.stringify(testedTraits(facts)));
  database.run(
    "INSERT INTO offer (promotion, device, tally, offered_at) VALUES (?, ?, ?, ?)",
    promotion,
    device.number,
    tally,
    now,
  );
  add(database, tally, "offered", 1);
  database.run("UPDATE promotion SET last_offer_at = max(last_offer_at, ?) WHERE number = ?", now, promotion);
  const before = database.all(
    `SELECT a.counted, a.cause, a.happened_at, a.reported_at, s.number AS signature_number FROM attempt a
     LEFT JOIN signature s
       ON s.product = a.product AND s.version = a.to_version AND s.text = a.signature AND s.cause = a.cause
     WHERE a.device = ? AND a.reported_at >= ? AND a.product = ? AND a.to_version = ? ORDER BY a.number`,
    ...[device.number, now, key.product, key.version],
  );
  for (const row of before) {
    const outcome = wordOrNull(row, "counted", OFFER_OUTCOMES);
    if (outcome === null) continue;
    const attemptAt = integer(row, "happened_at");
    const reportedAt = integer(row, "reported_at");
    const cause = textOrNull(row, "cause");
    const signature = integerOrNull(row, "signature_number");
    countForOffer(database, promotion, device.number, { outcome, cause, signature, attemptAt, reportedAt });
  }
}

/**
 * Counts how an attempt went for each promotion of that version that was offered to the device.
 *
 * @param offeredUntil what was offered later is not meant; absent: all that was offered
 */
export function countOutcome(
  database: Database,
  device: number,
  product: string,
  version: string,
  counted: CountedOutcome,
  offeredUntil = Number.POSITIVE_INFINITY,
): void {
  const promotions = database.all(
    "SELECT number FROM promotion WHERE product = ? AND version = ?",
    product,
    version,
  );
  for (const row of promotions) {
    const number = integer(row, "number");
    const offer = database.first(
      "SELECT offered_at FROM offer WHERE promotion = ? AND device = ?",
      number,
      device,
    );
    if (offer !== undefined && integer(offer, "offered_at") <= offeredUntil) {
      countForOffer(database, number, device, counted);
    }
  }
}

/** The last attempt counts, by when it ended, so that reports may come in any order. */
function countForOffer(
  database: Database,
  promotion: number,
  device: number,
  {
    outcome,
    cause,
    signature,
    attemptAt,
    reportedAt,
  }: Omit<CountedOutcome, "cause"> & { readonly cause: string | null },
): void {
  const offer = database.first(
    "SELECT tally, outcome, attempt_at FROM offer WHERE promotion = ? AND device = ?",
    promotion,
    device,
  );
  if (offer === undefined) return;
  const known = wordOrNull(offer, "outcome", OFFER_OUTCOMES);
  const knownAt = integerOrNull(offer, "attempt_at");
  if (known !== null && knownAt !== null) {
    const isWorse = OFFER_OUTCOMES.indexOf(outcome) > OFFER_OUTCOMES.indexOf(known);
    if (attemptAt < knownAt || (attemptAt === knownAt && !isWorse)) return;
  }
  database.run(
    `UPDATE offer SET outcome = ?, cause = ?, signature = ?, outcome_at = ?, attempt_at = ?
     WHERE promotion = ? AND device = ?`,
    ...[outcome, cause, signature, reportedAt, attemptAt, promotion, device],
  );
  if (known === outcome) return;
  const tally = integer(offer, "tally");
  if (known !== null) add(database, tally, known, -1);
  add(database, tally, outcome, 1);
}

/**
 * Counts a device where it belongs now: it has another platform, tenant or site than it was offered things with. Its
 * traits stay as they were at the offer, since that is what the version met.
 */
export function recountDevice(database: Database, device: CountedDevice): void {
  const offers = database.all(
    `SELECT o.promotion, o.tally, o.outcome, t.traits FROM offer o JOIN tally t ON t.number = o.tally
     WHERE o.device = ?`,
    device.number,
  );
  for (const offer of offers) {
    const promotion = integer(offer, "promotion");
    const tally = tallyNumber(database, promotion, device, text(offer, "traits"));
    const before = integer(offer, "tally");
    if (tally === before) continue;
    const outcome = wordOrNull(offer, "outcome", OFFER_OUTCOMES);
    move(database, before, outcome, -1);
    move(database, tally, outcome, 1);
    database.run(
      "UPDATE offer SET tally = ? WHERE promotion = ? AND device = ?",
      tally,
      promotion,
      device.number,
    );
  }
}

/** Counts a device no longer, before its rows go. */
export function uncountDevice(database: Database, device: number): void {
  const offers = database.all("SELECT tally, outcome FROM offer WHERE device = ?", device);
  for (const offer of offers) {
    move(database, integer(offer, "tally"), wordOrNull(offer, "outcome", OFFER_OUTCOMES), -1);
  }
}

function move(database: Database, tally: number, outcome: OfferOutcome | null, by: 1 | -1): void {
  add(database, tally, "offered", by);
  if (outcome !== null) add(database, tally, outcome, by);
}

const ADD = {
  offered: "UPDATE tally SET offered = offered + ? WHERE number = ?",
  confirmed: "UPDATE tally SET confirmed = confirmed + ? WHERE number = ?",
  failed: "UPDATE tally SET failed = failed + ? WHERE number = ?",
  excused: "UPDATE tally SET excused = excused + ? WHERE number = ?",
} as const;

function add(database: Database, tally: number, what: keyof typeof ADD, by: 1 | -1): void {
  database.run(ADD[what], by, tally);
}

function promotionNumber(database: Database, key: PromotionKey, now: number): number {
  const known = findPromotion(database, key);
  if (known !== undefined) return known;
  return database.insert(
    `INSERT INTO promotion (product, version, channel, commit_id, first_offer_at, last_offer_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    ...[key.product, key.version, key.channel, key.commit, now, now],
  );
}

export function findPromotion(database: Database, key: PromotionKey): number | undefined {
  const row = database.first(
    "SELECT number FROM promotion WHERE product = ? AND version = ? AND channel = ? AND commit_id = ?",
    ...[key.product, key.version, key.channel, key.commit],
  );
  return row === undefined ? undefined : integer(row, "number");
}

function tallyNumber(
  database: Database,
  promotion: number,
  { platform, tenant, site }: CountedDevice,
  traits: string,
): number {
  const known = database.first(
    `SELECT number FROM tally
     WHERE promotion = ? AND platform = ? AND ifnull(tenant, '') = ifnull(?, '') AND ifnull(site, '') = ifnull(?, '')
       AND traits = ?`,
    ...[promotion, platform, tenant, site, traits],
  );
  if (known !== undefined) return integer(known, "number");
  return database.insert(
    "INSERT INTO tally (promotion, platform, tenant, site, traits) VALUES (?, ?, ?, ?, ?)",
    ...[promotion, platform, tenant, site, traits],
  );
}
