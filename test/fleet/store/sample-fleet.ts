import assert from "node:assert/strict";
import type { PromotionKey } from "../../../controller/desired/overlay.ts";
import type {
  CheckInRecord,
  CheckInResult,
  FleetStore,
  NewDevice,
} from "../../../controller/fleet/store/fleet-store.ts";
import type {
  Actor,
  DeviceRecord,
  NewRequest,
  TokenRecord,
} from "../../../controller/fleet/store/records.ts";
import type { Attempt } from "../../../protocol/check-in/attempt.ts";
import type { CheckIn, ProductReport } from "../../../protocol/check-in/check-in.ts";

/** Any second; everything in these tests happens around it. */
export const START = 1_800_000_000;
export const DAY = 86_400;
export const ADA: Actor = { name: "ada", from: "192.0.2.7" };

export const STABLE: PromotionKey = {
  product: "agent",
  channel: "stable",
  version: "2.0.0",
  commit: "1".repeat(40),
};

export type Token = Omit<TokenRecord, "uses" | "revokedAt" | "createdBy">;

/** Creates an enrolment token. Its digest is `digest of <id>`. */
export async function createToken(store: FleetStore, token: Partial<Token> = {}): Promise<string> {
  const id = token.id ?? `token-${token.tenant ?? "none"}-${token.site ?? "none"}`;
  const digest = `digest of ${id}`;
  await store.tokens.create(
    {
      id,
      tenant: token.tenant ?? null,
      site: token.site ?? null,
      labels: token.labels ?? {},
      createdAt: token.createdAt ?? START,
      expiresAt: token.expiresAt ?? START + 365 * DAY,
      usesLeft: token.usesLeft ?? 1_000_000,
    },
    digest,
    ADA,
  );
  return digest;
}

export function newDevice(id: string, tokenDigest: string, more: Partial<NewDevice> = {}): NewDevice {
  return {
    id,
    publicKey: `key of ${id}`,
    by: { kind: "token", tokenDigest },
    platform: "linux-x64",
    agentVersion: "1.0.0",
    facts: null,
    address: null,
    now: START,
    ...more,
  };
}

/** Enrols with a token of its own for this tenant and site. */
export async function enrol(
  store: FleetStore,
  id: string,
  {
    tenant,
    site,
    labels,
    ...more
  }: Partial<NewDevice> & Partial<Pick<Token, "tenant" | "site" | "labels">> = {},
): Promise<DeviceRecord> {
  const digest = await createToken(store, {
    id: `token of ${id} at ${more.now ?? START}`,
    ...(tenant === undefined ? {} : { tenant }),
    ...(site === undefined ? {} : { site }),
    ...(labels === undefined ? {} : { labels }),
  });
  const result = await store.devices.enrol(newDevice(id, digest, more));
  return result.kind === "enrolled" ? result.device : assert.fail(`${id} was not enrolled`);
}

export function report(version: string | null, more: Partial<ProductReport> = {}): ProductReport {
  return {
    product: "agent",
    format: "binary",
    installed: version === null ? null : { version, digest: `sha256 of ${version}` },
    journal: "idle",
    blocked: [],
    ...more,
  };
}

export interface SampleCheckIn extends Partial<Omit<CheckInRecord, "checkIn" | "decisions" | "device">> {
  readonly device: string;
  /** What runs; absent: 1.0.0. */
  readonly installed?: string | null;
  /** What it is offered. */
  readonly offer?: PromotionKey | null;
  readonly belowMinimum?: string;
  readonly checkIn?: Partial<CheckIn>;
}

/** A check-in whose machine has the controller's time, with all attempts judged by their own words. */
export function checkIn({
  device,
  installed = "1.0.0",
  offer = null,
  belowMinimum,
  checkIn: said = {},
  now = START,
  ...more
}: SampleCheckIn): CheckInRecord {
  const products = said.products ?? [report(installed)];
  return {
    device,
    keyGeneration: 1,
    address: "192.0.2.1",
    now,
    checkIn: {
      schemaVersion: 1,
      sequence: now - START + 1,
      clock: now,
      agentVersion: "1.0.0",
      platform: "linux-x64",
      attempts: [],
      handled: [],
      ...said,
      products,
    },
    decisions: products.map(({ product }) => ({
      product,
      channel: "stable",
      belowMinimum: belowMinimum ?? null,
      offer: offer?.product === product ? offer : null,
    })),
    judged: (said.attempts ?? []).map(({ outcome, message }) => ({
      outcome: outcome === "confirmed" ? "confirmed" : "failed",
      signature: outcome === "confirmed" ? null : (message ?? "").replaceAll(/\d+/g, "#"),
    })),
    ...more,
  };
}

export function record(store: FleetStore, sample: SampleCheckIn): Promise<CheckInResult> {
  return store.checkIns.record(checkIn(sample));
}

export function confirmed(id: string, more: Partial<Attempt> = {}): Attempt {
  return {
    id,
    product: "agent",
    kind: "update",
    from: "1.0.0",
    to: "2.0.0",
    toDigest: "sha256 of 2.0.0",
    startedAt: START,
    endedAt: START + 10,
    step: "confirmed",
    outcome: "confirmed",
    ...more,
  };
}

export function failed(id: string, more: Partial<Attempt> = {}): Attempt {
  return confirmed(id, {
    step: "confirming",
    outcome: "rolled-back",
    cause: "confirm-failed",
    code: "install/not-confirmed",
    message: "the program ended with 17",
    ...more,
  });
}

export function request(id: string, device: string, more: Partial<NewRequest> = {}): NewRequest {
  return {
    id,
    device,
    kind: "update",
    product: "agent",
    askedAt: START,
    expiresAt: START + 28 * DAY,
    ...more,
  };
}
