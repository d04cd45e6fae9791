import { type Device, type LocalState, localChoices } from "../../protocol/device.ts";
import { isLabelValue, isName } from "../../protocol/manifest-names.ts";
import type { Facts } from "../../protocol/requirements.ts";
import { csvValue, requireColumn } from "../inventory/csv-columns.ts";
import { InventoryError } from "../inventory/inventory-error.ts";
import { badRecord, type InventoryRecord, readRecord } from "../inventory/inventory-record.ts";

/** What a command line says of a device; it wins over the device's record. */
export interface DeviceOptions {
  readonly device: string;
  readonly platform?: string;
  readonly format?: string;
  readonly tenant?: string;
  readonly site?: string;
  readonly product?: string;
  readonly installed?: string;
  readonly newestConfirmed?: string;
  readonly channel?: string;
  readonly updateNow?: boolean;
  /** `ring=canary` */
  readonly label?: readonly string[];
  /** `glibc=2.31`, `cpu=avx,avx2` */
  readonly facts?: readonly string[];
}

export interface DescribedDevice {
  readonly product?: string;
  readonly device: Device;
  readonly format?: string;
  readonly installed: string | null;
  readonly local: LocalState;
}

/**
 * The record of a device in an inventory.
 *
 * @param product `undefined`: the only one that there is a record for
 * @throws InventoryError `inventory/no-such-device`
 */
export function recordedDevice(
  records: readonly InventoryRecord[],
  device: string,
  product: string | undefined,
): InventoryRecord {
  const found = records.filter(
    (record) => record.device === device && (product === undefined || record.product === product),
  );
  const [record, ...others] = found;
  if (record !== undefined && others.length === 0) return record;
  const what =
    record === undefined ? "no record" : `records for ${found.map((known) => known.product).join(", ")}`;
  throw new InventoryError("inventory/no-such-device", `the inventory has ${what} of \`${device}\``, {
    help: record === undefined ? "check the id of the device" : "name the product with --product",
  });
}

/**
 * @returns `undefined` where nobody says the platform
 * @throws InventoryError `inventory/bad-record` for facts that cannot be read
 */
export function describedDevice(
  options: DeviceOptions,
  record: InventoryRecord | undefined,
): DescribedDevice | undefined {
  const {
    platform = record?.platform,
    format = record?.format,
    tenant = record?.tenant,
    site = record?.site,
    product = record?.product,
    newestConfirmed = record?.newestConfirmed,
  } = options;
  if (platform === undefined) return undefined;
  const facts =
    options.facts === undefined ? record?.facts : { ...record?.facts, ...readFacts(options.facts) };
  const labels =
    options.label === undefined ? record?.labels : { ...record?.labels, ...labelsOf(options.label) };
  return {
    ...(product === undefined ? {} : { product }),
    device: {
      id: options.device,
      platform,
      ...(tenant === undefined ? {} : { tenant }),
      ...(site === undefined ? {} : { site }),
      ...(labels === undefined ? {} : { labels }),
      ...(facts === undefined ? {} : { facts }),
    },
    ...(format === undefined ? {} : { format }),
    installed: options.installed ?? record?.installed ?? null,
    local: {
      ...localChoices({ ...record, ...(options.channel === undefined ? {} : { channel: options.channel }) }),
      ...(options.updateNow === true ? { updateNow: true } : {}),
      ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
      ...(record?.lastSeen === undefined ? {} : { lastCheckAt: record.lastSeen }),
    },
  };
}

/** The name and the value of a label that is written as `ring=canary`; `undefined`: it is not. */
export function readLabel(text: string): readonly [name: string, value: string] | undefined {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined || !isName(name) || !isLabelValue(value)) return undefined;
  return [name, value];
}

function labelsOf(written: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    written.flatMap((text) => [readLabel(text)].filter((label) => label !== undefined)),
  );
}

/** Reads facts as the columns of a CSV inventory. */
function readFacts(written: readonly string[]): Facts {
  const pairs = written.map((text): [string, string] => {
    const [, name, value] = /^([a-zA-Z]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw badRecord("--facts", `\`${text}\` is not NAME=VALUE`);
    return [name, name === "cpu" ? value.replaceAll(",", " ") : value];
  });
  const columns = pairs.map(([name]) => requireColumn(`facts.${name}`, "--facts"));
  const place = { device: "d", platform: "linux-x64", product: "p" };
  const cells = pairs.map(([, value]) => value);
  return readRecord({ ...place, ...csvValue(columns, cells) }, "--facts").facts ?? {};
}
