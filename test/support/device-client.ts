import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { type CheckIn, MOST_CHECK_IN_BYTES, type ProductReport } from "../../protocol/check-in/check-in.ts";
import type { CheckInAnswer } from "../../protocol/check-in/check-in-answer.ts";
import { deviceIdOf } from "../../protocol/check-in/device-id.ts";
import {
  cloneStatement,
  type EnrolmentAnswer,
  type EnrolmentAuthority,
  newKeyStatement,
} from "../../protocol/check-in/enrolment.ts";
import { readCheckInAnswer } from "../../protocol/check-in/read-check-in-answer.ts";
import { readEnrolmentAnswer } from "../../protocol/check-in/read-enrolment.ts";
import { requireAnswer } from "../../protocol/http-signatures/answer-signature.ts";
import type { RequestMessage } from "../../protocol/http-signatures/message.ts";
import { signRequest } from "../../protocol/http-signatures/request-signature.ts";
import type { Facts } from "../../protocol/requirements.ts";
import type { OpenedKey } from "../../protocol/tuf/require-threshold.ts";
import { PLATFORM } from "./state-repository.ts";

/** Where a device reports, and to whom it means to. */
export interface ClientServer {
  readonly url: string;
  /** SHA-256 of the first root. */
  readonly repository: string;
}

/** An answer as it came, with what is needed to check its signature. */
export interface DeviceReply {
  readonly status: number;
  readonly headers: Headers;
  readonly content: Buffer;
  readonly request: RequestMessage;
  readonly nonce: string;
}

/** A signed request as bytes, to be sent once, twice or changed. */
export interface PreparedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly message: RequestMessage;
  readonly nonce: string;
}

/** An Ed25519 key of a device. */
export class ClientKey {
  readonly publicKey: string;
  private readonly key: KeyObject;

  private constructor(key: KeyObject) {
    this.key = key;
    const { x = "" } = key.export({ format: "jwk" });
    this.publicKey = Buffer.from(x, "base64url").toString("hex");
  }

  static make(): ClientKey {
    return new ClientKey(generateKeyPairSync("ed25519").privateKey);
  }

  /** The same key each time, for who plays many devices. @param seed 32 bytes */
  static fromSeed(seed: Uint8Array): ClientKey {
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
    return new ClientKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  }

  sign(bytes: Uint8Array): Buffer {
    return sign(null, bytes, this.key);
  }
}

/**
 * The protocol of a device and nothing else: no files, no updates. It signs as an agent does, by the same code of both
 * sides, and says whatever a test or a load program has it say.
 */
export class DeviceClient {
  readonly server: ClientServer;
  readonly id: string;
  /** Of the last check-in. */
  sequence = 0;
  products: readonly ProductReport[] = [lantern("1.0.0")];
  platform = PLATFORM;
  private current: ClientKey;

  constructor(server: ClientServer, key: ClientKey = ClientKey.make(), id = deviceIdOf(key.publicKey)) {
    this.server = server;
    this.current = key;
    this.id = id;
  }

  get key(): ClientKey {
    return this.current;
  }

  /** The same device, which reports to where its controller is now. */
  at(server: ClientServer): DeviceClient {
    const moved = new DeviceClient(server, this.current, this.id);
    moved.sequence = this.sequence;
    moved.products = this.products;
    return moved;
  }

  /** The same device once more, as from a copied disk. */
  copy(): DeviceClient {
    return this.at(this.server);
  }

  enrol(token: string): Promise<DeviceReply> {
    return this.enrolBy({ kind: "token", token });
  }

  /** Enrols with a key of its own as a copy of a device whose key was replaced. */
  enrolAsCopyOf(original: DeviceClient, withKey: ClientKey = original.key): Promise<DeviceReply> {
    const signature = withKey.sign(cloneStatement(original.id, this.key.publicKey)).toString("hex");
    return this.enrolBy({ kind: "clone", device: original.id, signature });
  }

  /** @param facts absent: it says nothing of the machine */
  prepareEnrolment(token: string, facts?: Facts): PreparedRequest {
    return this.prepareEnrolmentBy({ kind: "token", token }, facts);
  }

  private enrolBy(authority: EnrolmentAuthority): Promise<DeviceReply> {
    return this.send(this.prepareEnrolmentBy(authority));
  }

  private prepareEnrolmentBy(authority: EnrolmentAuthority, facts?: Facts): PreparedRequest {
    const body = {
      schemaVersion: 1,
      authority,
      publicKey: this.key.publicKey,
      agentVersion: "9.9.9",
      platform: this.platform,
      ...(facts === undefined ? {} : { facts }),
    };
    return this.prepare("POST", "/api/v1/enrolments", body, { repository: undefined });
  }

  /** A check-in with the next sequence number. */
  checkIn(more: Partial<CheckIn> = {}): Promise<DeviceReply> {
    return this.send(this.prepareCheckIn(more));
  }

  prepareCheckIn(more: Partial<CheckIn> = {}): PreparedRequest {
    this.sequence++;
    const body: CheckIn = {
      schemaVersion: 1,
      sequence: this.sequence,
      clock: Math.floor(Date.now() / 1000),
      agentVersion: "9.9.9",
      platform: this.platform,
      products: this.products,
      attempts: [],
      handled: [],
      ...more,
    };
    return this.prepare("POST", "/api/v1/check-ins", body);
  }

  /** Registers a new key and uses it from then on, where the controller took it. */
  async replaceKey(next: ClientKey = ClientKey.make()): Promise<DeviceReply> {
    const signature = next.sign(newKeyStatement(this.id, next.publicKey)).toString("hex");
    const body = { schemaVersion: 1, publicKey: next.publicKey, signature };
    const reply = await this.send(this.prepare("POST", `/api/v1/agents/${this.id}/key`, body));
    if (reply.status === 200) this.current = next;
    return reply;
  }

  prepare(
    method: string,
    target: string,
    body: object,
    {
      created = Math.floor(Date.now() / 1000),
      ...more
    }: { readonly created?: number; readonly repository?: string | undefined } = {},
  ): PreparedRequest {
    const repository = "repository" in more ? more.repository : this.server.repository;
    const bytes = Buffer.from(JSON.stringify(body));
    const nonce = randomBytes(18).toString("base64url");
    const { message } = signRequest(
      {
        method,
        target,
        content: { type: "application/json", bytes },
        ...(repository === undefined ? {} : { repository }),
      },
      { created, keyid: this.id, nonce },
      (signed) => this.key.sign(signed),
    );
    const headers = Object.entries(message.fields).map(([name, value]) => [name, String(value)]);
    return { method, target, headers: Object.fromEntries(headers), body: bytes, message, nonce };
  }

  async send({ method, target, headers, body, message, nonce }: PreparedRequest): Promise<DeviceReply> {
    const response = await fetch(this.server.url + target, { method, headers, body: new Uint8Array(body) });
    const content = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, content, request: message, nonce };
  }

  /**
   * Holds an answer against the online key, as an agent does.
   *
   * @throws HttpSignatureError
   */
  requireSigned(
    { status, headers, content, request, nonce }: DeviceReply,
    openKey: (keyid: string) => OpenedKey | undefined,
  ): void {
    const fields = Object.fromEntries(headers);
    requireAnswer({ status, fields }, content, { request, nonce, device: this.id, openKey });
  }
}

/** The members of the answer to a check-in, also of a 426. */
export function checkInAnswer({ content }: DeviceReply): CheckInAnswer {
  return readCheckInAnswer(content.subarray(0, MOST_CHECK_IN_BYTES));
}

export function enrolmentAnswer({ content }: DeviceReply): EnrolmentAnswer {
  return readEnrolmentAnswer(content);
}

/** What the product `lantern` of the test states is like on a machine. */
export function lantern(version: string | null, more: Partial<ProductReport> = {}): ProductReport {
  return {
    product: "lantern",
    format: "binary",
    installed: version === null ? null : { version, digest: "d".repeat(64) },
    journal: "idle",
    blocked: [],
    ...more,
  };
}
