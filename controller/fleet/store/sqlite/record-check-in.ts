import type { Attempt } from "../../../../protocol/check-in/attempt.ts";
import type { CheckIn, ProductReport } from "../../../../protocol/check-in/check-in.ts";
import type { RequestOutcome } from "../../../../protocol/check-in/device-request.ts";
import type { Facts } from "../../../../protocol/requirements.ts";
import { AT_REST } from "../../device-state.ts";
import type { CheckInRecord, CheckInResult, DeviceState } from "../fleet-store.ts";
import type { OfferOutcome } from "../records.ts";
import { StoreError } from "../store-error.ts";
import { integer, integerOrNull, jsonOrNull, type Row, text, textOrNull } from "./columns.ts";
import type { Database } from "./database.ts";
import { INSTALLATIONS, type InstallationDetails } from "./read-device.ts";
import { deliverRequests } from "./read-request.ts";
import { type CountedInstallation, countAllOf, countInstallation } from "./write-census.ts";
import { countFailure, recountFailures } from "./write-signatures.ts";
import { type CountedDevice, countOffer, countOutcome, recountDevice } from "./write-tallies.ts";

const KNOWN_DEVICE = `
  SELECT d.number, d.tenant, d.site, d.platform, d.facts, d.agent_version, d.address, d.key_generation,
    d.cloned_since, d.below_minimum, d.standing, p.heard_at, p.last_sequence
  FROM device d JOIN pulse p ON p.device = d.number WHERE d.id = ?`;

/** Under which signature restart races are grouped: the agent, which took the update to be good, has no message. */
const RACE_SIGNATURE = "said confirmed, and the next check-in named another version";

/**
 * Everything that one check-in changes, inside the caller's transaction. Offers come before attempts, so that an attempt
 * counts for what was offered in the same check-in.
 *
 * @throws StoreError `store/no-such-device`, `store/key-replaced`
 */
export function recordCheckIn(database: Database, record: CheckInRecord): CheckInResult {
  const { checkIn, now } = record;
  const row = database.first(KNOWN_DEVICE, record.device);
  if (row === undefined) {
    throw new StoreError("store/no-such-device", `device ${record.device} is not enrolled`, {
      help: "enrol it again",
    });
  }
  if (integer(row, "key_generation") !== record.keyGeneration) {
    throw new StoreError("store/key-replaced", `the key of device ${record.device} was replaced meanwhile`);
  }
  const number = integer(row, "number");
  if (checkIn.sequence <= integer(row, "last_sequence")) {
    database.run(
      `UPDATE device SET condition_since = iif(condition = 'cloned', condition_since, ?),
         cloned_since = ifnull(cloned_since, ?), condition = 'cloned' WHERE number = ?`,
      ...[now, now, number],
    );
    return { isCopy: true, acknowledged: [], requests: [] };
  }
  database.run(
    "UPDATE pulse SET heard_at = ?, seen_at = ?, last_sequence = ?, clock_skew = ? WHERE device = ?",
    Math.max(now, integer(row, "heard_at")),
    ...[now, checkIn.sequence, checkIn.clock - now, number],
  );
  const device: CountedDevice = {
    number,
    platform: checkIn.platform,
    tenant: textOrNull(row, "tenant"),
    site: textOrNull(row, "site"),
  };
  if (text(row, "platform") !== checkIn.platform) changePlatform(database, device, now);

  for (const { offer, shown = [] } of record.decisions) {
    for (const promotion of offer === null ? shown : [offer, ...shown]) {
      countOffer(database, device, factsOf(row, checkIn), promotion, now);
    }
  }
  const before = new Map(
    database.all(INSTALLATIONS, number).map((installation) => [text(installation, "product"), installation]),
  );
  const news = recordAttempts(database, device, record);
  const failing = recordInstallations(database, device, record, before, news);
  recordDevice(database, row, record, standingOf(record, failing));
  for (const outcome of checkIn.handled) endRequest(database, number, outcome, now);
  return {
    isCopy: false,
    acknowledged: [...checkIn.attempts, ...checkIn.handled].map(({ id }) => id),
    requests: deliverRequests(database, number, record.device, now),
  };
}

/** A check-in leaves out what has not changed. */
function factsOf(known: Row, { facts }: CheckIn): Facts | undefined {
  return facts ?? jsonOrNull(known, "facts") ?? undefined;
}

function changePlatform(database: Database, device: CountedDevice, now: number): void {
  countAllOf(database, device.number, -1, now);
  database.run("UPDATE device SET platform = ? WHERE number = ?", device.platform, device.number);
  database.run("UPDATE installation SET platform = ? WHERE device = ?", device.platform, device.number);
  countAllOf(database, device.number, 1, now);
  recountDevice(database, device);
  recountFailures(database, device);
}

/** The last attempt of one product among those that came with this check-in. */
interface LastAttempt {
  readonly number: number;
  readonly attemptAt: number;
  readonly attempt: Attempt;
}

/** @returns for each product the attempt that ended last, of those that are new */
function recordAttempts(
  database: Database,
  device: CountedDevice,
  record: CheckInRecord,
): ReadonlyMap<string, LastAttempt> {
  const { checkIn, now } = record;
  const news = new Map<string, LastAttempt>();
  for (const [index, attempt] of checkIn.attempts.entries()) {
    const judged = record.judged[index];
    if (judged === undefined) throw new TypeError("each attempt of a check-in has to be judged");
    // The machine's clock may be wrong, but how long ago it was by that clock says when it was.
    const attemptAt = now - Math.max(checkIn.clock - attempt.endedAt, 0);
    const number = insertAttempt(database, device, attempt, { ...judged, attemptAt, now });
    if (number === undefined) continue;
    const cause = attempt.cause ?? null;
    const { product, to: version, message = "" } = attempt;
    const signature =
      cause === null || judged.signature === null
        ? null
        : countFailure(
            database,
            device,
            { product, version, signature: judged.signature, cause, message },
            now,
          );
    const counted = { outcome: judged.outcome, cause, signature, attemptAt, reportedAt: now };
    countOutcome(database, device.number, product, version, counted);
    const last = news.get(attempt.product);
    if (last === undefined || attemptAt >= last.attemptAt) {
      news.set(attempt.product, { number, attemptAt, attempt });
    }
  }
  return news;
}

/** @returns `undefined` for one that was reported before */
function insertAttempt(
  database: Database,
  device: CountedDevice,
  attempt: Attempt,
  judged: {
    readonly outcome: OfferOutcome;
    readonly signature: string | null;
    readonly attemptAt: number;
    readonly now: number;
  },
): number | undefined {
  const row = database.first(
    `INSERT INTO attempt (device, id, tenant, product, kind, from_version, to_version, to_digest, started_at, ended_at,
       step, outcome, cause, code, message, log, request, reported_at, signature, happened_at, counted)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (device, id) DO NOTHING RETURNING number`,
    ...[device.number, attempt.id, device.tenant, attempt.product, attempt.kind, attempt.from, attempt.to],
    ...[attempt.toDigest, attempt.startedAt, attempt.endedAt, attempt.step, attempt.outcome],
    ...[attempt.cause ?? null, attempt.code ?? null, attempt.message ?? null, attempt.log ?? null],
    ...[attempt.request ?? null, judged.now, judged.signature, judged.attemptAt, judged.outcome],
  );
  return row === undefined ? undefined : integer(row, "number");
}

/** @returns whether the last attempt of one of its products failed */
function recordInstallations(
  database: Database,
  device: CountedDevice,
  record: CheckInRecord,
  before: ReadonlyMap<string, Row>,
  news: ReadonlyMap<string, LastAttempt>,
): boolean {
  let isFailing = false;
  const reported = new Set<string>();
  for (const report of record.checkIn.products) {
    reported.add(report.product);
    const known = before.get(report.product);
    const attempts = lastAttempt(database, device, report, known, news.get(report.product), record.now);
    if (attempts.failedCause !== null) isFailing = true;
    const next = installationColumns(device, report, record, known, attempts);
    recountInstallation(database, device, report, record, known);
    const changed = COLUMNS.filter((column, index) => known?.[column] !== next[index]);
    if (changed.every((column) => column === "details")) {
      // When it looked last is in there, so this is all that most check-ins change, and no index knows of it.
      const [details] = changed.map((column) => next[COLUMNS.indexOf(column)] ?? null);
      if (details !== undefined) database.run(WRITE_DETAILS, details, device.number, report.product);
    } else {
      database.run(WRITE_INSTALLATION, device.number, report.product, ...next);
    }
  }
  for (const [product, known] of before) {
    if (reported.has(product)) continue;
    countInstallation(database, countedBefore(device, product, known), undefined, record.now);
    database.run("DELETE FROM installation WHERE device = ? AND product = ?", device.number, product);
  }
  return isFailing;
}

/** Most check-ins find what they say counted already. */
function recountInstallation(
  database: Database,
  device: CountedDevice,
  { product, installed }: ProductReport,
  { decisions, now }: CheckInRecord,
  known: Row | undefined,
): void {
  const decided = decisions.find((one) => one.product === product);
  const { platform, tenant, site } = device;
  const after: CountedInstallation = {
    ...{ product, platform, tenant, site },
    channel: decided?.channel ?? null,
    version: installed?.version ?? null,
    isCanary: decided?.isCanary === true,
  };
  const before = known === undefined ? undefined : countedBefore(device, product, known);
  if (
    before === undefined ||
    before.channel !== after.channel ||
    before.version !== after.version ||
    before.isCanary !== after.isCanary
  ) {
    countInstallation(database, before, after, now);
  }
}

/** Its platform and place have been brought to those of the device by now. */
function countedBefore(
  { platform, tenant, site }: CountedDevice,
  product: string,
  known: Row,
): CountedInstallation {
  return {
    ...{ product, platform, tenant, site },
    channel: textOrNull(known, "applied_channel"),
    version: textOrNull(known, "version"),
    isCanary: integer(known, "canary") === 1,
  };
}

/** Those of `installation` after its key, in the order of `installationColumns`. */
const COLUMNS = [
  "format",
  "version",
  "digest",
  "journal",
  "channel",
  "applied_channel",
  "details",
  "since",
  "platform",
  "tenant",
  "attempt_at",
  "failed_cause",
  "unproven",
  "canary",
] as const;

const WRITE_INSTALLATION = `
  INSERT INTO installation (device, product, ${COLUMNS.join(", ")})
  VALUES (?, ?, ${COLUMNS.map(() => "?").join(", ")})
  ON CONFLICT (device, product) DO UPDATE SET ${COLUMNS.map((name) => `${name} = excluded.${name}`).join(", ")}`;

const WRITE_DETAILS = "UPDATE installation SET details = ? WHERE device = ? AND product = ?";

function installationColumns(
  device: CountedDevice,
  report: ProductReport,
  record: CheckInRecord,
  known: Row | undefined,
  { attemptAt, failedCause, unproven }: AttemptState,
): (string | number | null)[] {
  const version = report.installed?.version ?? null;
  const isSame = known !== undefined && textOrNull(known, "version") === version;
  const decided = record.decisions.find(({ product }) => product === report.product);
  const details: InstallationDetails = {
    blocked: report.blocked,
    ...(report.pin === undefined ? {} : { pin: report.pin }),
    ...(report.autoUpdate === undefined ? {} : { autoUpdate: report.autoUpdate }),
    ...(report.newestConfirmed === undefined ? {} : { newestConfirmed: report.newestConfirmed }),
    ...(report.lastCheckAt === undefined ? {} : { lastCheckAt: report.lastCheckAt }),
    ...(report.decision === undefined ? {} : { decision: report.decision }),
    ...(report.failedCheck === undefined ? {} : { failedCheck: report.failedCheck }),
  };
  return [
    report.format,
    version,
    report.installed?.digest ?? null,
    report.journal,
    report.channel ?? null,
    decided?.channel ?? null,
    JSON.stringify(details),
    isSame ? integer(known, "since") : record.now,
    device.platform,
    device.tenant,
    attemptAt,
    failedCause,
    unproven,
    decided?.isCanary === true ? 1 : 0,
  ];
}

/** What is known of the last attempt to install a product. */
interface AttemptState {
  readonly attemptAt: number | null;
  /** Where it failed. */
  readonly failedCause: string | null;
  /** Its number, where it said confirmed and no later check-in has shown what runs. */
  readonly unproven: number | null;
}

/**
 * An attempt that said confirmed has to show in the next check-in after the one that brought it. Where that names
 * another version, and no later attempt explains it, the old program runs on: the attempt counts as failed.
 */
function lastAttempt(
  database: Database,
  device: CountedDevice,
  report: ProductReport,
  known: Row | undefined,
  news: LastAttempt | undefined,
  now: number,
): AttemptState {
  const attemptAt = known === undefined ? null : integerOrNull(known, "attempt_at");
  if (news !== undefined && news.attemptAt >= (attemptAt ?? 0)) {
    const { number, attempt } = news;
    const isConfirmed = attempt.outcome === "confirmed";
    return {
      attemptAt: news.attemptAt,
      failedCause: attempt.cause ?? null,
      unproven: isConfirmed ? number : null,
    };
  }
  if (known === undefined) return { attemptAt: null, failedCause: null, unproven: null };
  const unproven = integerOrNull(known, "unproven");
  const failedCause = textOrNull(known, "failed_cause");
  const installed = report.installed?.version;
  if (unproven === null || installed === undefined) return { attemptAt, failedCause, unproven };
  const attempt = database.first("SELECT * FROM attempt WHERE number = ?", unproven);
  if (attempt === undefined || text(attempt, "to_version") === installed) {
    return { attemptAt, failedCause, unproven: null };
  }
  markRestartRace(database, device, attempt, installed, now);
  return { attemptAt, failedCause: "restart-race", unproven: null };
}

function markRestartRace(
  database: Database,
  device: CountedDevice,
  attempt: Row,
  installed: string,
  now: number,
): void {
  const product = text(attempt, "product");
  const version = text(attempt, "to_version");
  const cause = "restart-race";
  const message = `said confirmed, and the next check-in named ${installed}`;
  database.run(
    "UPDATE attempt SET cause = ?, message = ?, signature = ?, counted = 'failed' WHERE number = ?",
    ...[cause, message, RACE_SIGNATURE, integer(attempt, "number")],
  );
  const attemptAt = integer(attempt, "happened_at");
  const failure = { product, version, signature: RACE_SIGNATURE, cause, message } as const;
  const grouped = countFailure(database, device, failure, now);
  const counted = { outcome: "failed", cause, signature: grouped, attemptAt, reportedAt: now } as const;
  // What was offered since the attempt was told is for an attempt to come.
  countOutcome(database, device.number, product, version, counted, integer(attempt, "reported_at"));
}

type Standing = Exclude<DeviceState, "cloned" | "silent" | "gone">;

/** Of several that hold, the one that stands last in the list of states. */
function standingOf({ checkIn, decisions }: CheckInRecord, isFailing: boolean): Standing {
  if (decisions.some(({ belowMinimum }) => belowMinimum !== null)) return "refused";
  if (isFailing) return "failed";
  if (checkIn.products.some(({ journal }) => !AT_REST.includes(journal))) return "updating";
  const isBehind = decisions.some(({ product, offer }) => {
    const report = checkIn.products.find((one) => one.product === product);
    return offer !== null && offer.version !== report?.installed?.version;
  });
  return isBehind ? "behind" : "current";
}

/** Most check-ins change nothing here, and then nothing is written. */
function recordDevice(database: Database, known: Row, record: CheckInRecord, standing: Standing): void {
  const { checkIn } = record;
  const facts = checkIn.facts === undefined ? textOrNull(known, "facts") : JSON.stringify(checkIn.facts);
  const belowMinimum = record.decisions.find((one) => one.belowMinimum !== null)?.belowMinimum ?? null;
  const next = {
    facts,
    agent_version: checkIn.agentVersion,
    address: record.address,
    below_minimum: belowMinimum,
    standing,
  };
  if (Object.entries(next).every(([column, value]) => known[column] === value)) return;
  const condition = known.cloned_since === null ? standing : "cloned";
  database.run(
    `UPDATE device SET facts = ?, agent_version = ?, address = ?, below_minimum = ?, standing = ?,
       condition_since = iif(condition = ?, condition_since, ?), condition = ? WHERE number = ?`,
    ...[facts, checkIn.agentVersion, record.address, belowMinimum, standing],
    ...[condition, record.now, condition, integer(known, "number")],
  );
}

/** What the device says of a request counts more than that it was cancelled or ran out meanwhile; the first word counts. */
function endRequest(
  database: Database,
  device: number,
  { id, result, text }: RequestOutcome,
  now: number,
): void {
  database.run(
    `UPDATE request SET result = ?, text = ?, ended_at = ?
     WHERE id = ? AND device = ? AND (ended_at IS NULL OR result IN ('cancelled', 'expired'))`,
    ...[result, text, now, id, device],
  );
}
