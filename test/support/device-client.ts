import { type CheckIn, MOST_CHECK_IN_BYTES, type ProductReport } from "../../protocol/check-in/check-in.ts";
import type { CheckInAnswer } from "../../protocol/check-in/check-in-answer.ts";
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
import type { OpenedKey } from "../../protocol/tuf/require-threshold.ts";
import {
  ClientKey,
  type ClientServer,
  type PreparedRequest,
  DeviceClient as WritingDevice,
} from "../../simulated-fleet/device-client.ts";
import { PLATFORM } from "./state-repository.ts";

export { ClientKey, type ClientServer, type PreparedRequest };

/** An answer as it came, with what is needed to check its signature. */
export interface DeviceReply {
  readonly status: number;
  readonly headers: Headers;
  readonly content: Buffer;
  readonly request: RequestMessage;
  readonly nonce: string;
}

/** A device that sends what it writes, one request at a time, as a test says. */
export class DeviceClient extends WritingDevice {
  override products: readonly ProductReport[] = [lantern("1.0.0")];
  override platform = PLATFORM;
  protected override readonly agentVersion: string = "9.9.9";

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

  private enrolBy(authority: EnrolmentAuthority): Promise<DeviceReply> {
    return this.send(this.prepareEnrolmentBy(authority));
  }

  /** A check-in with the next sequence number. */
  checkIn(more: Partial<CheckIn> = {}): Promise<DeviceReply> {
    return this.send(this.prepareCheckIn(more));
  }

  /** Registers a new key and uses it from then on, where the controller took it. */
  async replaceKey(next: ClientKey = ClientKey.make()): Promise<DeviceReply> {
    const signature = next.sign(newKeyStatement(this.id, next.publicKey)).toString("hex");
    const body = { schemaVersion: 1, publicKey: next.publicKey, signature };
    const reply = await this.send(this.prepare("POST", `/api/v1/agents/${this.id}/key`, body));
    if (reply.status === 200) this.current = next;
    return reply;
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
