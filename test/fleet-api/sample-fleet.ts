import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { PromotionKey } from "../../controller/desired/overlay.ts";
import type { FleetStore } from "../../controller/fleet/store/fleet-store.ts";
import type { Labels, RolloutRecord } from "../../controller/fleet/store/records.ts";
import { openSqliteStore } from "../../controller/fleet/store/sqlite/open-sqlite-store.ts";
import type { Attempt } from "../../protocol/check-in/attempt.ts";
import type { ProductReport } from "../../protocol/check-in/check-in.ts";
import type { FailureCause } from "../../protocol/gate/failure-causes.ts";
import type { Facts } from "../../protocol/requirements.ts";
import { NOW } from "../http/sample-manifest.ts";

const SETUP = { name: "setup", from: "test" } as const;

/** A real store, which is gone after the test. */
export function openStore(t: TestContext): FleetStore {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-fleet-"));
  const store = openSqliteStore(join(folder, "fleet.db"));
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export interface SampleDevice {
  readonly id: string;
  readonly tenant: string | null;
  readonly site?: string | null;
  readonly labels?: Labels;
  readonly platform?: string;
  readonly facts?: Facts;
  /** Version of `lantern` that it runs. */
  readonly version?: string | null;
  readonly channel?: string;
  readonly seenAt?: number;
  readonly offer?: PromotionKey;
  readonly failed?: { readonly cause: FailureCause; readonly message: string };
  readonly confirmed?: true;
  readonly product?: Partial<ProductReport>;
}

/** Enrols a device and has it check in once, as the fleet's thread does it. */
export async function addDevice(store: FleetStore, device: SampleDevice): Promise<void> {
  const {
    id,
    tenant,
    site = null,
    labels = {},
    platform = "linux-x64",
    facts = {},
    seenAt = NOW - 60,
  } = device;
  const enrolledAt = seenAt - 10 * 86_400;
  const token = `token of ${id}`;
  await store.tokens.create(
    {
      id: digestOf(token).slice(0, 12),
      tenant,
      site,
      labels,
      createdAt: enrolledAt - 10,
      expiresAt: enrolledAt + 1000,
      usesLeft: 1,
    },
    digestOf(token),
    SETUP,
  );
  const enrolled = await store.devices.enrol({
    id,
    publicKey: digestOf(id),
    by: { kind: "token", tokenDigest: digestOf(token) },
    platform,
    agentVersion: "0.1.0",
    facts,
    address: "192.0.2.7",
    now: enrolledAt,
  });
  if (enrolled.kind !== "enrolled") throw new Error(`${id} is not enrolled: ${enrolled.kind}`);
  const { version = "1.0.0", channel = "stable", offer = null } = device;
  const attempts = attemptsOf(device, seenAt);
  await store.checkIns.record({
    device: id,
    keyGeneration: 1,
    checkIn: {
      schemaVersion: 1,
      sequence: 1,
      clock: seenAt,
      agentVersion: "0.1.0",
      platform,
      facts,
      products: [
        {
          product: "lantern",
          format: "binary",
          installed: version === null ? null : { version, digest: digestOf(version) },
          journal: "idle",
          blocked: [],
          ...device.product,
        },
      ],
      attempts,
      handled: [],
    },
    address: "192.0.2.7",
    now: seenAt,
    decisions: [{ product: "lantern", channel, belowMinimum: null, offer }],
    judged: attempts.map(({ cause, message = "" }) => ({
      outcome: cause === undefined ? "confirmed" : "failed",
      signature: cause === undefined ? null : message.replaceAll(/\d+/g, "#"),
    })),
  });
}

function attemptsOf({ id, offer, failed, confirmed, version }: SampleDevice, seenAt: number): Attempt[] {
  if (offer === undefined || (failed === undefined && confirmed !== true)) return [];
  return [
    {
      id: digestOf(`attempt of ${id}`).slice(0, 32),
      product: offer.product,
      kind: "update",
      from: version ?? "1.0.0",
      to: offer.version,
      toDigest: digestOf(offer.version),
      startedAt: seenAt - 3,
      endedAt: seenAt - 2,
      step: failed === undefined ? "confirmed" : "confirming",
      outcome: failed === undefined ? "confirmed" : "rolled-back",
      ...failed,
    },
  ];
}

/** What the sample manifest's stable channel points to. */
export const PROMOTION: PromotionKey = {
  product: "lantern",
  channel: "stable",
  version: "1.1.0",
  commit: digestOf("1.1.0").slice(0, 40),
};

export function sampleRollout(more: Partial<RolloutRecord> = {}): RolloutRecord {
  return {
    ...PROMOTION,
    state: "active",
    reason: "3 of 40 machines of globex failed",
    since: NOW - 3600,
    nextAt: null,
    allowed: 100_000,
    marks: [{ at: NOW - 86_400, kind: "began", text: "began for 7 machines of initech" }],
    countedFrom: null,
    judgement: { strata: [], gate: null, checks: [], opening: null },
    ...more,
  };
}
