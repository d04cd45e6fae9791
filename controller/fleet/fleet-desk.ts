import { CHECK_IN_SCHEMA_VERSION, type CheckIn } from "../../protocol/check-in/check-in.ts";
import type { CheckInAnswer, Placement } from "../../protocol/check-in/check-in-answer.ts";
import { deviceIdOf } from "../../protocol/check-in/device-id.ts";
import { type DeviceRequest, MOST_REQUESTS } from "../../protocol/check-in/device-request.ts";
import {
  cloneStatement,
  type EnrolmentAnswer,
  type EnrolmentRequest,
  newKeyStatement,
} from "../../protocol/check-in/enrolment.ts";
import { placementDigest } from "../../protocol/check-in/placement-digest.ts";
import { readCheckIn } from "../../protocol/check-in/read-check-in.ts";
import { readEnrolmentRequest, readNewKeyRequest } from "../../protocol/check-in/read-enrolment.ts";
import { signAnswer } from "../../protocol/http-signatures/answer-signature.ts";
import { HttpSignatureError } from "../../protocol/http-signatures/http-signature-error.ts";
import type { Sign } from "../../protocol/http-signatures/message-signature.ts";
import { decideProducts, type ProductVerdict } from "./decide-products.ts";
import {
  aboutDevice,
  type DeviceProblem,
  doneAnswer,
  isDeviceProblem,
  problemAnswer,
} from "./device-answer.ts";
import { tokenDigest } from "./enrolment-token.ts";
import { FailuresByAddress } from "./failures-by-address.ts";
import { FleetError, type FleetErrorCode } from "./fleet-error.ts";
import type { DeviceAnswer, FleetService, IdentifiedDevice, ReceivedRequest } from "./fleet-service.ts";
import { judgeAttempts } from "./judge-attempts.ts";
import { openDeviceKey } from "./open-device-key.ts";
import { ReplayGuard } from "./replay-guard.ts";
import type { ServedPolicy } from "./served-policy.ts";
import type { EnrolResult, FleetStore } from "./store/fleet-store.ts";
import type { DeviceRecord, RequestRecord } from "./store/records.ts";
import { StoreError } from "./store/store-error.ts";
import { type RequestVerdict, verifyRequest } from "./verify-request.ts";

/** Signs answers: the key of the timestamp role. */
export interface AnswerSigner {
  /** Of the key, in the root role. */
  readonly keyid: string;
  readonly sign: Sign;
}

/** What the desk works with. */
export interface DeskParts {
  readonly store: FleetStore;
  /** What is served now; `undefined` before the first manifest. */
  readonly policy: () => ServedPolicy | undefined;
  /** `undefined` where the online key cannot be used: then nothing is asked of devices. */
  readonly signer: () => AnswerSigner | undefined;
  /** A tenant's name to its key; `undefined` where the secret is missing that they are made of. */
  readonly tenantKey: (tenant: string) => string | undefined;
  /** Seconds since 1970. */
  readonly now: () => number;
}

type Verified = Extract<RequestVerdict<DeviceRecord>, { kind: "verified" }>;
/** As much of a verified request as signing the answer to it needs. */
type Answered = Pick<Verified, "request" | "nonce" | "keyid">;

/** Keys that a device has had, as far back as one is still told that its key was replaced. */
const KNOWN_FORMER_KEYS = 8;

/**
 * The controller's side of enrolment and check-in: believes a device as far as its signature goes, decides by the served
 * policy, has the store record it, and answers. Nothing is answered before it is on disk, and no device can make another
 * version come than policy offers.
 */
export class FleetDesk implements Omit<FleetService, "store"> {
  private readonly parts: DeskParts;
  private readonly guard: ReplayGuard;
  private readonly failures = new FailuresByAddress();

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.guard = new ReplayGuard(parts.now());
  }

  /** `POST /api/v1/enrolments` */
  enrol(request: ReceivedRequest): Promise<DeviceAnswer> {
    return answering(async () => {
      const { now } = this.parts;
      // An enrolment is signed by the key that it registers, and its content is what was digested once that is looked for.
      let content: EnrolmentRequest | undefined;
      const verdict = await this.verify(request, undefined, async (keyid) => {
        content = readEnrolmentRequest(request.body);
        return deviceIdOf(content.publicKey) === keyid ? content : undefined;
      });
      if (verdict.kind === "refused") throw verdict.error;
      const { device: wanted, keyid } = verdict;
      const by = await this.authorityOf(wanted);
      const result = await this.parts.store.devices.enrol({
        id: keyid,
        publicKey: wanted.publicKey,
        by,
        platform: wanted.platform,
        agentVersion: wanted.agentVersion,
        facts: wanted.facts ?? null,
        address: request.address,
        now: now(),
      });
      if (result.kind === "refused") throw this.refusal(result.why, request.address);
      const { device, kind } = result;
      if (device.publicKey !== wanted.publicKey) throw keyReplaced(device.id);
      const answer: EnrolmentAnswer = {
        schemaVersion: CHECK_IN_SCHEMA_VERSION,
        device: device.id,
        ...this.placementOf(underPresentName(device, this.parts.policy())),
      };
      return this.signed(doneAnswer(kind === "enrolled" ? 201 : 200, answer, "done"), verdict);
    });
  }

  /** `POST /api/v1/check-ins` */
  checkIn(request: ReceivedRequest): Promise<DeviceAnswer> {
    return answering(async () => {
      const { store, now } = this.parts;
      const policy = this.requirePolicy();
      const verified = await this.requireDevice(request, policy);
      const at = now();
      const checkIn = readCheckIn(request.body);
      const device = await this.followRename(verified.device, policy, checkIn, request.address);
      const verdicts = decideProducts(policy, device, checkIn, at);
      const channels = new Map(verdicts.map(({ product, recorded }) => [product, recorded.channel]));
      const result = await store.checkIns.record({
        device: device.id,
        keyGeneration: device.keyGeneration,
        checkIn,
        judged: judgeAttempts(policy, checkIn.attempts, (product) => channels.get(product) ?? null),
        address: request.address,
        now: at,
        decisions: verdicts.map(({ recorded }) => recorded),
      });
      const isSeenTwice = result.isCopy || device.clonedSince !== null;
      const answer: CheckInAnswer = {
        schemaVersion: CHECK_IN_SCHEMA_VERSION,
        acknowledged: result.acknowledged,
        requests: result.requests.slice(0, MOST_REQUESTS).map(asDeviceRequest),
        ...(isSeenTwice ? { newKey: true } : {}),
        ...this.moved(underPresentName(device, policy), checkIn.placed),
        manifest: policy.version,
      };
      return this.answerCheckIn(verified, answer, result.isCopy ? [] : verdicts, result.isCopy);
    });
  }

  /** `POST /api/v1/agents/<id>/key` */
  replaceKey(id: string, request: ReceivedRequest): Promise<DeviceAnswer> {
    return answering(async () => {
      const policy = this.requirePolicy();
      const verified = await this.requireDevice(request, policy, (row) => {
        // The answer to the first time was lost: it has what it asks for.
        const { publicKey } = readNewKeyRequest(request.body);
        return row.id === id && row.publicKey === publicKey;
      });
      const { device } = verified;
      if (device.id !== id) {
        throw new FleetError("fleet/other-device", `${device.id} has signed a request about another device`);
      }
      const { publicKey, signature } = readNewKeyRequest(request.body);
      requireProof(publicKey, newKeyStatement(id, publicKey), signature);
      if (device.publicKey !== publicKey) {
        const { store, now } = this.parts;
        const isNext = await store.devices.replaceKey(id, device.keyGeneration, publicKey, now());
        if (!isNext) throw keyReplaced(id);
      }
      const answer: EnrolmentAnswer = {
        schemaVersion: CHECK_IN_SCHEMA_VERSION,
        device: id,
        ...this.placementOf(underPresentName(device, policy)),
      };
      return this.signed(doneAnswer(200, answer, "done"), verified);
    });
  }

  /** `POST /api/v1/agents/<id>/leave` */
  leave(id: string, request: ReceivedRequest): Promise<DeviceAnswer> {
    return answering(async () => {
      const verified = await this.requireDevice(request, this.requirePolicy());
      const { device } = verified;
      if (device.id !== id) {
        throw new FleetError("fleet/other-device", `${device.id} has signed a request about another device`);
      }
      const { store, now } = this.parts;
      await store.devices.remove(id, { name: `device ${id}`, from: request.address ?? "unknown" }, now());
      return doneAnswer(200, { schemaVersion: CHECK_IN_SCHEMA_VERSION, device: id }, "done");
    });
  }

  /** `GET /api/v1/look-stream`, or whatever has no content and is asked by a device. */
  async identify(request: ReceivedRequest): Promise<IdentifiedDevice> {
    try {
      const { device } = await this.requireDevice(request, this.requirePolicy());
      return { kind: "device", device: device.id };
    } catch (error) {
      return { kind: "refused", answer: answerTo(error) };
    }
  }

  private requirePolicy(): ServedPolicy {
    const policy = this.parts.policy();
    if (policy === undefined) {
      throw new FleetError("fleet/no-manifest", "no manifest has been published yet");
    }
    return policy;
  }

  private verify<Device extends { readonly publicKey: string }>(
    { method, target, headers, body }: ReceivedRequest,
    repository: string | undefined,
    findDevice: (keyid: string) => Promise<Device | undefined>,
  ): Promise<RequestVerdict<Device>> {
    const { now } = this.parts;
    const options = { now: now(), repository, guard: this.guard, findDevice };
    return verifyRequest({ method, target, fields: headers, content: body }, options);
  }

  /**
   * The device that has signed a request, with the key that it has now. Who signs with one that was replaced is told so.
   *
   * @param mayBeFormer whether a request that is signed with a former key is taken all the same
   * @throws HttpSignatureError, FleetError `fleet/key-replaced`
   */
  private async requireDevice(
    request: ReceivedRequest,
    { repository }: ServedPolicy,
    mayBeFormer: (device: DeviceRecord) => boolean = () => false,
  ): Promise<Verified> {
    const { devices } = this.parts.store;
    let row: DeviceRecord | undefined;
    const verdict = await this.verify(request, repository, async (keyid) => {
      row = await devices.get(keyid);
      return row;
    });
    if (verdict.kind === "verified") return verdict;
    const { error } = verdict;
    if (error.code !== "signature/not-verified" || row === undefined) throw error;
    const device = row;
    const oldest = Math.max(1, device.keyGeneration - KNOWN_FORMER_KEYS);
    for (let generation = device.keyGeneration - 1; generation >= oldest; generation--) {
      const publicKey = await devices.keyOf(device.id, generation);
      if (publicKey === undefined) continue;
      const again = await this.verify(request, repository, async () => ({ publicKey }));
      if (again.kind === "refused") {
        if (again.error.code === "signature/not-verified") continue;
        throw again.error;
      }
      if (mayBeFormer(device)) return { ...again, device };
      throw keyReplaced(device.id);
    }
    throw error;
  }

  /** @throws FleetError `fleet/bad-proof` for a copy that cannot show the key of what it is a copy of */
  private async authorityOf({ authority, publicKey }: EnrolmentRequest) {
    switch (authority.kind) {
      case "token":
        return { kind: "token", tokenDigest: tokenDigest(authority.token) } as const;
      case "clone": {
        const { device, signature } = authority;
        const row = await this.parts.store.devices.get(device);
        if (row === undefined) throw unknownOriginal();
        await this.requireFormerKey(row, cloneStatement(device, publicKey), signature);
        return { kind: "clone", device } as const;
      }
    }
  }

  /** A key that is still in use does not make copies: who has it is the device. */
  private async requireFormerKey(
    { id, keyGeneration }: DeviceRecord,
    statement: Uint8Array,
    signature: string,
  ): Promise<void> {
    const oldest = Math.max(1, keyGeneration - KNOWN_FORMER_KEYS);
    for (let generation = keyGeneration - 1; generation >= oldest; generation--) {
      const publicKey = await this.parts.store.devices.keyOf(id, generation);
      if (publicKey !== undefined && hasSigned(publicKey, statement, signature)) return;
    }
    throw badProof("the statement of the copy is signed by no key that was replaced");
  }

  private refusal(
    why: Extract<EnrolResult, { kind: "refused" }>["why"],
    address: string | null,
  ): DeviceProblem {
    if (this.failures.add(address, this.parts.now())) {
      return new FleetError("fleet/too-many-failures", "too many enrolments from this address have failed");
    }
    if (why === "unknown-device") return unknownOriginal();
    const [code, message] = REFUSALS[why];
    return new FleetError(code, message);
  }

  /** @throws FleetError `fleet/no-tenant-key` */
  private placementOf({ tenant, site, labels }: DeviceRecord): Placement {
    const place = { ...(site === null ? {} : { site }), labels };
    if (tenant === null) return place;
    const key = this.parts.tenantKey(tenant);
    if (key === undefined) {
      throw new FleetError("fleet/no-tenant-key", "the keys of tenants cannot be made");
    }
    return { ...place, tenant: { name: tenant, key } };
  }

  /**
   * A device stays recorded under a name that its tenant had before until it says that it took the present one over: so the
   * store knows who still asks by the old name, and counts them.
   */
  private async followRename(
    device: DeviceRecord,
    policy: ServedPolicy,
    { placed }: CheckIn,
    address: string | null,
  ): Promise<DeviceRecord> {
    const present = underPresentName(device, policy);
    const place = present === device || placed === undefined ? undefined : this.knownPlacement(present);
    if (place === undefined || placementDigest(place) !== placed) return device;
    const { store, now } = this.parts;
    const by = { name: `device ${device.id}`, from: address ?? "unknown" };
    return (await store.devices.move(device.id, present, by, now())) ? present : device;
  }

  /** Where the device belongs, when it takes itself to belong elsewhere. @param placed by its own word */
  private moved(device: DeviceRecord, placed: string | undefined): Pick<CheckInAnswer, "moved"> {
    const moved = placed === undefined ? undefined : this.knownPlacement(device);
    return moved === undefined || placementDigest(moved) === placed ? {} : { moved };
  }

  /** `undefined` where the key of its tenant cannot be made. */
  private knownPlacement(device: DeviceRecord): Placement | undefined {
    const { tenant } = device;
    return tenant !== null && this.parts.tenantKey(tenant) === undefined
      ? undefined
      : this.placementOf(device);
  }

  /** What asks something of the device is signed, so that nothing on the way can make it up; or it is not asked. */
  private answerCheckIn(
    verified: Verified,
    answer: CheckInAnswer,
    verdicts: readonly ProductVerdict[],
    isCopy: boolean,
  ): DeviceAnswer {
    const asks = answer.requests.length > 0 || answer.newKey === true || answer.moved !== undefined;
    const signer = asks ? this.parts.signer() : undefined;
    const { newKey: _, moved: __, ...unasked } = answer;
    const said = asks && signer === undefined ? { ...unasked, requests: [] } : answer;
    const below = verdicts.find(({ recorded }) => recorded.belowMinimum !== null);
    const sent: DeviceAnswer =
      below === undefined
        ? doneAnswer(200, said, isCopy ? "copy" : "done")
        : problemAnswer(belowMinimum(below, verified.device), said);
    return signer === undefined ? sent : this.signed(sent, verified);
  }

  /**
   * Nothing on the way can make up where a device belongs, or that its next key is registered. Without the online key it
   * goes unsigned, and the agent does not believe it.
   */
  private signed(sent: DeviceAnswer, { request, nonce, keyid: device }: Answered): DeviceAnswer {
    const signer = this.parts.signer();
    if (signer === undefined) return sent;
    const bytes = Buffer.from(sent.body, "utf8");
    const type = sent.headers["content-type"] ?? "";
    const signed = signAnswer(
      { status: sent.status, content: { type, bytes }, request, nonce, device },
      { created: this.parts.now(), keyid: signer.keyid },
      signer.sign,
    );
    return { ...sent, headers: { ...sent.headers, ...signed } };
  }
}

/** The device as one of what its tenant is called now; the very same where that has no other name. */
function underPresentName(device: DeviceRecord, policy: ServedPolicy | undefined): DeviceRecord {
  const tenant = device.tenant === null ? undefined : policy?.tenants.get(device.tenant)?.renamedTo;
  return tenant === undefined ? device : { ...device, tenant };
}

/** Answers with the problem where one comes in the way; what is no problem of the device's is a defect and goes on up. */
async function answering(work: () => Promise<DeviceAnswer>): Promise<DeviceAnswer> {
  try {
    return await work();
  } catch (error) {
    return answerTo(error);
  }
}

function answerTo(error: unknown): DeviceAnswer {
  if (!isDeviceProblem(error)) throw error;
  return problemAnswer(error instanceof StoreError ? aboutDevice(error) : error);
}

const REFUSALS = {
  "unknown-token": ["fleet/unknown-token", "nobody made this enrolment token"],
  "token-expired": ["fleet/token-expired", "the enrolment token has expired"],
  "token-used-up": ["fleet/token-used-up", "as many devices have enrolled with this token as may"],
  "token-revoked": ["fleet/token-revoked", "the enrolment token was revoked"],
  "too-many-copies": ["fleet/too-many-copies", "too many copies of this device have enrolled today"],
  "id-taken": ["fleet/other-device", "another key is registered for this device"],
} as const satisfies Record<string, readonly [code: FleetErrorCode, message: string]>;

function unknownOriginal(): HttpSignatureError {
  return new HttpSignatureError("signature/unknown-key", "nobody knows the device that this is a copy of");
}

function keyReplaced(device: string): FleetError {
  return new FleetError("fleet/key-replaced", `the key of ${device} has been replaced`, {
    help: "enrol this machine as a copy of it",
  });
}

function badProof(message: string): FleetError {
  return new FleetError("fleet/bad-proof", message);
}

/** @throws FleetError `fleet/bad-proof` */
function requireProof(publicKey: string, statement: Uint8Array, signature: string): void {
  if (!hasSigned(publicKey, statement, signature)) {
    throw badProof("the new key has not signed the statement that shows who has it");
  }
}

function hasSigned(publicKey: string, statement: Uint8Array, signature: string): boolean {
  return openDeviceKey(publicKey)?.verifies(statement, Buffer.from(signature, "hex")) === true;
}

function asDeviceRequest({ id, kind, product, askedAt, expiresAt }: RequestRecord): DeviceRequest {
  return { id, kind, askedAt, expiresAt, ...(product === undefined ? {} : { product }) };
}

function belowMinimum({ product, decision, recorded }: ProductVerdict, { id }: DeviceRecord): FleetError {
  const what = decision?.action === "update" ? `update to ${decision.path[0]}` : whatStandsAgainst(decision);
  return new FleetError(
    "fleet/below-minimum",
    `${product} on ${id} is below the minimum version ${recorded.belowMinimum}`,
    { help: what },
  );
}

function whatStandsAgainst(decision: ProductVerdict["decision"]): string {
  const reason = decision?.trail.at(-1)?.text ?? "nothing is offered";
  return `it cannot update now: ${reason}`;
}
