import { FAILURE_CAUSES } from "../../../../protocol/gate/failure-causes.ts";
import { DEVICE_CONDITIONS, type DeviceRecord, type InstallationRecord } from "../records.ts";
import {
  integer,
  integerOrNull,
  json,
  jsonOrNull,
  member,
  type Row,
  text,
  textOrNull,
  word,
  wordOrNull,
} from "./columns.ts";
import type { Database } from "./database.ts";

const DEVICE = `
  SELECT d.*, p.*, k.public_key FROM device d
  JOIN pulse p ON p.device = d.number
  JOIN device_key k ON k.device = d.number AND k.generation = d.key_generation`;
const BY_ID = `${DEVICE} WHERE d.id = ?`;
const BY_NUMBER = `${DEVICE} WHERE d.number = ?`;
export const INSTALLATIONS = "SELECT * FROM installation WHERE device = ? ORDER BY product";

/** A device as others see it, and what the store knows it by. */
export interface StoredDevice {
  readonly number: number;
  readonly record: DeviceRecord;
}

export function findDevice(database: Database, id: string): StoredDevice | undefined {
  return stored(database, database.first(BY_ID, id));
}

export function deviceOfNumber(database: Database, number: number): StoredDevice | undefined {
  return stored(database, database.first(BY_NUMBER, number));
}

function stored(database: Database, row: Row | undefined): StoredDevice | undefined {
  if (row === undefined) return undefined;
  const number = integer(row, "number");
  const installations = database.all(INSTALLATIONS, number).map(readInstallation);
  return { number, record: readDevice(row, installations) };
}

function readDevice(row: Row, installations: readonly InstallationRecord[]): DeviceRecord {
  return {
    id: text(row, "id"),
    tenant: textOrNull(row, "tenant"),
    site: textOrNull(row, "site"),
    labels: json(row, "labels"),
    publicKey: text(row, "public_key"),
    keyGeneration: integer(row, "key_generation"),
    platform: text(row, "platform"),
    facts: jsonOrNull(row, "facts"),
    agentVersion: text(row, "agent_version"),
    enrolledAt: integer(row, "enrolled_at"),
    lastSeenAt: integerOrNull(row, "seen_at"),
    lastSequence: integer(row, "last_sequence"),
    clockSkew: integer(row, "clock_skew"),
    address: textOrNull(row, "address"),
    clonedSince: integerOrNull(row, "cloned_since"),
    copyOf: textOrNull(row, "copy_of"),
    belowMinimum: textOrNull(row, "below_minimum"),
    condition: word(row, "condition", DEVICE_CONDITIONS),
    conditionSince: integerOrNull(row, "condition_since"),
    installations,
  };
}

/** What is only shown of an installation is kept as JSON. */
export type InstallationDetails = Pick<
  InstallationRecord,
  "blocked" | "pin" | "autoUpdate" | "newestConfirmed" | "lastCheckAt" | "decision" | "failedCheck"
>;

export function readInstallation(row: Row): InstallationRecord {
  const version = textOrNull(row, "version");
  const details: InstallationDetails = json(row, "details");
  return {
    product: text(row, "product"),
    format: text(row, "format"),
    installed: version === null ? null : { version, digest: text(row, "digest") },
    journal: text(row, "journal"),
    ...member("channel", textOrNull(row, "channel")),
    appliedChannel: textOrNull(row, "applied_channel"),
    since: integer(row, "since"),
    failedCause: wordOrNull(row, "failed_cause", FAILURE_CAUSES),
    ...details,
  };
}
