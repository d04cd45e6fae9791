import { TESTED_FACTS, testedTraits } from "../../../../protocol/gate/strata.ts";
import { GONE_AFTER } from "../../device-state.ts";
import {
  type AdoptionChange,
  type CensusRow,
  type DeviceFacets,
  type DeviceFilter,
  type DeviceOrder,
  type DeviceState,
  type DeviceStore,
  type EnrolResult,
  type GroupMembers,
  type KindCount,
  MOST_COPIES_A_DAY,
  type NewDevice,
  type Page,
  type PageRequest,
  type TenantScope,
  type VersionCount,
} from "../fleet-store.ts";
import type { Actor, DeviceRecord, Labels } from "../records.ts";
import { StoreError } from "../store-error.ts";
import { integer, integerOrNull, json, type Row, text, textOrNull } from "./columns.ts";
import type { Database, SqlParameters } from "./database.ts";
import { withoutRanges } from "./group-members.ts";
import { countMembers, countStates, facetsOf } from "./headcount.ts";
import { listDevices } from "./list-devices.ts";
import { firstAdoption, readAdoption, readCensus } from "./read-census.ts";
import { deviceOfNumber, findDevice, type StoredDevice } from "./read-device.ts";
import { writeAudit } from "./write-audit.ts";
import { countAllOf } from "./write-census.ts";
import { recountFailures, uncountFailures } from "./write-signatures.ts";
import { recountDevice, uncountDevice } from "./write-tallies.ts";

/** Where a device belongs. */
interface Place {
  readonly tenant: string | null;
  readonly site: string | null;
  readonly labels: Labels;
}

const DAY = 86_400;

type Refusal = Extract<EnrolResult, { kind: "refused" }>["why"];

export class SqliteDevices implements DeviceStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  get(id: string): Promise<DeviceRecord | undefined> {
    return this.database.read(() => findDevice(this.database, id)?.record);
  }

  keyOf(id: string, generation: number): Promise<string | undefined> {
    return this.database.read(() => {
      const row = this.database.first(
        `SELECT k.public_key FROM device d JOIN device_key k ON k.device = d.number AND k.generation = ?
         WHERE d.id = ?`,
        ...[generation, id],
      );
      return row === undefined ? undefined : text(row, "public_key");
    });
  }

  list(
    filter: DeviceFilter,
    page: PageRequest,
    now: number,
    order?: DeviceOrder,
  ): Promise<Page<DeviceRecord>> {
    return this.database.read(() => listDevices(this.database, this.withoutRanges(filter), page, now, order));
  }

  count(filter: DeviceFilter, now: number): Promise<Readonly<Record<DeviceState, number>>> {
    return this.database.read(() => countStates(this.database, this.withoutRanges(filter), now));
  }

  facets(filter: DeviceFilter, now: number): Promise<DeviceFacets> {
    return this.database.read(() => facetsOf(this.database, this.withoutRanges(filter), now));
  }

  countMembers(
    filter: DeviceFilter,
    groups: readonly GroupMembers[],
    now: number,
  ): Promise<readonly number[]> {
    return this.database.read(() =>
      countMembers(this.database, this.withoutRanges(filter), withoutRanges(this.database, groups), now),
    );
  }

  versions(product: string, tenants: TenantScope, now: number): Promise<readonly VersionCount[]> {
    return this.database.read(() => {
      const scope = tenants === null ? "" : "AND i.tenant IN (SELECT value FROM json_each(?))";
      const scoped = tenants === null ? [] : [JSON.stringify(tenants)];
      const counts = this.database.all(
        `SELECT i.version, i.platform, i.applied_channel, i.format, count(*) AS devices FROM installation i
         WHERE i.product = ? ${scope} GROUP BY i.version, i.platform, i.applied_channel, i.format`,
        ...[product, ...scoped],
      );
      // All by an index alone, less those that are gone: looking at each device would take ten times as long.
      const gone = this.database.all(
        `SELECT i.version, i.platform, i.applied_channel, i.format, count(*) AS devices
         FROM pulse p CROSS JOIN installation i ON i.device = p.device
         WHERE p.heard_at <= ? AND i.product = ? ${scope} GROUP BY i.version, i.platform, i.applied_channel, i.format`,
        ...[now - GONE_AFTER, product, ...scoped],
      );
      const goneOf = new Map(gone.map((row) => [kindOf(row), integer(row, "devices")]));
      return counts.flatMap((row) => {
        const devices = integer(row, "devices") - (goneOf.get(kindOf(row)) ?? 0);
        if (devices === 0) return [];
        return {
          version: textOrNull(row, "version"),
          platform: text(row, "platform"),
          format: text(row, "format"),
          channel: textOrNull(row, "applied_channel"),
          devices,
        };
      });
    });
  }

  census(product: string, channel: string, tenants: TenantScope, now: number): Promise<readonly CensusRow[]> {
    return this.database.read(() => readCensus(this.database, product, channel, tenants, now));
  }

  adoption(
    product: string,
    channel: string,
    tenants: TenantScope,
    when: Parameters<DeviceStore["adoption"]>[3],
  ): Promise<readonly AdoptionChange[]> {
    return this.database.read(() => readAdoption(this.database, product, channel, tenants, when));
  }

  adoptionSince(product: string, channel: string, tenants: TenantScope): Promise<number | null> {
    return this.database.read(() => firstAdoption(this.database, product, channel, tenants));
  }

  kinds(product: string, now: number): Promise<readonly KindCount[]> {
    return this.database.read(() =>
      this.database.all(COUNT_KINDS, product, now - GONE_AFTER).map((row) => {
        const facts = Object.fromEntries(
          TESTED_FACTS.flatMap((name) => {
            const value = textOrNull(row, name);
            return value === null ? [] : [[name, value]];
          }),
        );
        const traits = testedTraits(facts);
        return { platform: text(row, "platform"), traits, devices: integer(row, "devices") };
      }),
    );
  }

  enrol(enrolment: NewDevice): Promise<EnrolResult> {
    return this.database.write(() => {
      const known = this.deviceOfKey(enrolment.publicKey);
      if (known !== undefined) return { kind: "known", device: known.record };
      if (findDevice(this.database, enrolment.id) !== undefined) return { kind: "refused", why: "id-taken" };
      const place = this.placeFor(enrolment);
      if (typeof place === "string") return { kind: "refused", why: place };
      return { kind: "enrolled", device: this.insert(enrolment, place) };
    });
  }

  replaceKey(id: string, generation: number, publicKey: string, now: number): Promise<boolean> {
    return this.database.write(() => {
      const device = findDevice(this.database, id);
      if (device === undefined) return false;
      const { number, record } = device;
      // The answer to the first time was lost.
      if (record.keyGeneration === generation + 1 && record.publicKey === publicKey) return true;
      if (record.keyGeneration !== generation || this.deviceOfKey(publicKey) !== undefined) return false;
      this.insertKey(number, generation + 1, publicKey, now);
      this.database.run(
        `UPDATE device SET key_generation = ?, cloned_since = NULL,
           condition_since = iif(condition = standing, condition_since, ?), condition = standing WHERE number = ?`,
        ...[generation + 1, now, number],
      );
      return true;
    });
  }

  move(id: string, to: Place, by: Actor, now: number): Promise<boolean> {
    return this.database.write(() => {
      const device = findDevice(this.database, id);
      if (device === undefined) return false;
      const { number, record } = device;
      const { tenant, site } = to;
      // One that is gone left its old place when it went, and not only now.
      const { lastSeenAt } = record;
      const at = lastSeenAt === null ? now : Math.min(now, lastSeenAt + GONE_AFTER);
      countAllOf(this.database, number, -1, at);
      this.database.run(
        "UPDATE device SET tenant = ?, site = ?, labels = ? WHERE number = ?",
        ...[tenant, site, JSON.stringify(to.labels), number],
      );
      this.database.run("DELETE FROM device_label WHERE device = ?", number);
      this.insertLabels(number, to.labels);
      if (tenant !== record.tenant) {
        this.database.run("UPDATE installation SET tenant = ? WHERE device = ?", tenant, number);
        this.database.run("UPDATE attempt SET tenant = ? WHERE device = ?", tenant, number);
      }
      countAllOf(this.database, number, 1, at);
      const counted = { number, platform: record.platform, tenant, site };
      recountDevice(this.database, counted);
      recountFailures(this.database, counted);
      this.auditMove(record, to, by, now);
      return true;
    });
  }

  remove(id: string, by: Actor, now: number): Promise<boolean> {
    return this.database.write(() => {
      const device = findDevice(this.database, id);
      if (device === undefined) return false;
      uncountDevice(this.database, device.number);
      uncountFailures(this.database, device.number);
      countAllOf(this.database, device.number, -1, now);
      this.database.run("DELETE FROM device WHERE number = ?", device.number);
      const { tenant, site, labels, platform } = device.record;
      writeAudit(this.database, {
        at: now,
        actor: by,
        action: "device.remove",
        subject: `device ${id}`,
        tenant,
        before: { tenant, site, labels, platform },
        after: null,
      });
      return true;
    });
  }

  private withoutRanges(filter: DeviceFilter): DeviceFilter {
    const { groups } = filter;
    return groups === undefined ? filter : { ...filter, groups: withoutRanges(this.database, groups) };
  }

  private deviceOfKey(publicKey: string): StoredDevice | undefined {
    const row = this.database.first("SELECT device FROM device_key WHERE public_key = ?", publicKey);
    return row === undefined ? undefined : deviceOfNumber(this.database, integer(row, "device"));
  }

  /** Where a new device belongs, and one use less of its token; or why it may not enrol. */
  private placeFor({ by, now }: NewDevice): Place | Refusal {
    switch (by.kind) {
      case "token":
        return this.placeByToken(by.tokenDigest, now);
      case "clone":
        return this.placeOfOriginal(by.device, now);
    }
  }

  private placeByToken(digest: string, now: number): Place | Refusal {
    const token = this.database.first("SELECT * FROM token WHERE digest = ?", digest);
    if (token === undefined) return "unknown-token";
    if (integerOrNull(token, "revoked_at") !== null) return "token-revoked";
    if (integer(token, "expires_at") <= now) return "token-expired";
    if (integer(token, "uses_left") === 0) return "token-used-up";
    this.database.run("UPDATE token SET uses = uses + 1, uses_left = uses_left - 1 WHERE digest = ?", digest);
    return {
      tenant: textOrNull(token, "tenant"),
      site: textOrNull(token, "site"),
      labels: json(token, "labels"),
    };
  }

  private placeOfOriginal(id: string, now: number): Place | Refusal {
    const original = findDevice(this.database, id);
    if (original === undefined) return "unknown-device";
    const row = this.database.first(
      "SELECT count(*) AS copies FROM device WHERE copy_of = ? AND enrolled_at > ?",
      ...[id, now - DAY],
    );
    if (row === undefined || integer(row, "copies") >= MOST_COPIES_A_DAY) return "too-many-copies";
    return original.record;
  }

  /** Until its first check-in nobody knows what a device runs, so it counts as behind. */
  private insert({ id, publicKey, by, now, ...device }: NewDevice, place: Place): DeviceRecord {
    const number = this.database.insert(
      `INSERT INTO device (id, tenant, site, labels, platform, facts, agent_version, address, enrolled_at,
         key_generation, copy_of, standing, condition, condition_since)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 'behind', 'behind', ?)`,
      ...[id, place.tenant, place.site, JSON.stringify(place.labels), device.platform],
      ...[device.facts === null ? null : JSON.stringify(device.facts), device.agentVersion, device.address],
      ...[now, by.kind === "clone" ? by.device : null, now],
    );
    this.database.run(
      "INSERT INTO pulse (device, heard_at, last_sequence, clock_skew) VALUES (?, ?, 0, 0)",
      ...[number, now],
    );
    this.insertKey(number, 1, publicKey, now);
    this.insertLabels(number, place.labels);
    const stored = deviceOfNumber(this.database, number);
    if (stored === undefined) {
      throw new StoreError("store/failed", `device ${id} is not there right after it was written`);
    }
    return stored.record;
  }

  private insertKey(...values: SqlParameters): void {
    this.database.run(
      "INSERT INTO device_key (device, generation, public_key, since) VALUES (?, ?, ?, ?)",
      ...values,
    );
  }

  private insertLabels(number: number, labels: Labels): void {
    for (const [name, value] of Object.entries(labels)) {
      this.database.run(
        "INSERT INTO device_label (device, name, value) VALUES (?, ?, ?)",
        ...[number, name, value],
      );
    }
  }

  /** A move between tenants is told to each of them, and to neither where the device came from or went. */
  private auditMove(from: DeviceRecord, to: Place, by: Actor, now: number): void {
    const entry = { at: now, actor: by, action: "device.move", subject: `device ${from.id}` };
    const before = { tenant: from.tenant, site: from.site, labels: from.labels };
    const after = { tenant: to.tenant, site: to.site, labels: to.labels };
    if (from.tenant === to.tenant) {
      writeAudit(this.database, { ...entry, tenant: to.tenant, before, after });
      return;
    }
    writeAudit(this.database, { ...entry, tenant: from.tenant, before, after: null });
    writeAudit(this.database, { ...entry, tenant: to.tenant, before: null, after });
  }
}

/** What versions are counted by. */
function kindOf({ version, platform, applied_channel: channel, format }: Row): string {
  return JSON.stringify([version, platform, channel, format]);
}

/** The facts are read by SQLite, so that a row comes back for each kind and not for each device. */
const COUNT_KINDS = `
  SELECT d.platform, ${TESTED_FACTS.map((name) => `d.facts ->> '$.${name}' AS ${name}`).join(", ")}, count(*) AS devices
  FROM installation i INDEXED BY installation_of_product
  CROSS JOIN device d ON d.number = i.device CROSS JOIN pulse p ON p.device = i.device
  WHERE i.product = ? AND p.heard_at > ?
  GROUP BY d.platform, ${TESTED_FACTS.join(", ")}`;
