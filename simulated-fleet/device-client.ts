import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { AGENT_VERSION } from "../agent/agent-version.ts";
import type { CheckIn, ProductReport } from "../protocol/check-in/check-in.ts";
import { deviceIdOf } from "../protocol/check-in/device-id.ts";
import type { EnrolmentAuthority } from "../protocol/check-in/enrolment.ts";
import type { RequestMessage } from "../protocol/http-signatures/message.ts";
import { signRequest } from "../protocol/http-signatures/request-signature.ts";
import type { Facts } from "../protocol/requirements.ts";

/** Where a device reports, and to whom it means to. */
export interface ClientServer {
  readonly url: string;
  /** SHA-256 of the first root. */
  readonly repository: string;
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
 * What a device writes to its controller and nothing else: no network, no files, no updates. It signs as an agent does,
 * by the same code of both sides, and says whatever it is given to say.
 */
export class DeviceClient {
  readonly server: ClientServer;
  readonly id: string;
  /** Of the last check-in. */
  sequence = 0;
  products: readonly ProductReport[] = [];
  platform = `${process.platform}-${process.arch}`;
  protected readonly agentVersion: string = AGENT_VERSION;
  protected current: ClientKey;

  constructor(server: ClientServer, key: ClientKey = ClientKey.make(), id = deviceIdOf(key.publicKey)) {
    this.server = server;
    this.current = key;
    this.id = id;
  }

  get key(): ClientKey {
    return this.current;
  }

  /** @param facts absent: it says nothing of the machine */
  prepareEnrolment(token: string, facts?: Facts): PreparedRequest {
    return this.prepareEnrolmentBy({ kind: "token", token }, facts);
  }

  protected prepareEnrolmentBy(authority: EnrolmentAuthority, facts?: Facts): PreparedRequest {
    const body = {
      schemaVersion: 1,
      authority,
      publicKey: this.key.publicKey,
      agentVersion: this.agentVersion,
      platform: this.platform,
      ...(facts === undefined ? {} : { facts }),
    };
    return this.prepare("POST", "/api/v1/enrolments", body, { repository: undefined });
  }

  /** A check-in with the next sequence number. */
  prepareCheckIn(more: Partial<CheckIn> = {}): PreparedRequest {
    this.sequence++;
    const body: CheckIn = {
      schemaVersion: 1,
      sequence: this.sequence,
      clock: Math.floor(Date.now() / 1000),
      agentVersion: this.agentVersion,
      platform: this.platform,
      products: this.products,
      attempts: [],
      handled: [],
      ...more,
    };
    return this.prepare("POST", "/api/v1/check-ins", body);
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
}
