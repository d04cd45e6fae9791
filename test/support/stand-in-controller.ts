import { randomBytes, sign } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { openDeviceKey } from "../../controller/fleet/open-device-key.ts";
import { ReplayGuard } from "../../controller/fleet/replay-guard.ts";
import { verifyRequest } from "../../controller/fleet/verify-request.ts";
import type { Attempt } from "../../protocol/check-in/attempt.ts";
import type { CheckIn } from "../../protocol/check-in/check-in.ts";
import type { Placement } from "../../protocol/check-in/check-in-answer.ts";
import { deviceIdOf } from "../../protocol/check-in/device-id.ts";
import type { DeviceRequest, RequestKind, RequestOutcome } from "../../protocol/check-in/device-request.ts";
import { cloneStatement, newKeyStatement } from "../../protocol/check-in/enrolment.ts";
import { readCheckIn } from "../../protocol/check-in/read-check-in.ts";
import { readEnrolmentRequest, readNewKeyRequest } from "../../protocol/check-in/read-enrolment.ts";
import { signAnswer } from "../../protocol/http-signatures/answer-signature.ts";
import type { RequestMessage } from "../../protocol/http-signatures/message.ts";
import type { UpdateServer } from "../agent/update-server.ts";

/** What the stand-in knows of a device. */
export interface KnownDevice {
  readonly id: string;
  /** Oldest first; the last one is the device's. */
  readonly keys: string[];
  readonly copyOf?: string;
  sequence: number;
  /** Its key was seen in two places. */
  isCopied: boolean;
}

interface Answered {
  readonly status: number;
  readonly body: object;
}

type Verified = { readonly request: RequestMessage; readonly nonce: string; readonly keyid: string };

/**
 * The controller's side of enrolment and check-in, by the contract in `protocol/check-in/`, in memory: for tests of the
 * agent that want a controller which does one thing wrong.
 */
export class StandInController {
  readonly devices = new Map<string, KnownDevice>();
  /** Tokens that are good, with how often they have been used. */
  readonly tokens = new Map<string, number>();
  readonly attempts = new Map<string, Attempt>();
  readonly outcomes = new Map<string, RequestOutcome>();
  readonly checkIns: CheckIn[] = [];
  /** What waits for devices; each is given until its outcome is there. */
  readonly requests: DeviceRequest[] = [];
  placement: Placement = { labels: {} };
  /** Every request with its status, such as `/api/v1/check-ins 200`. */
  readonly log: string[] = [];
  /** In the place of every answer. */
  refusal: { status: number; code: string; retryAfter?: number } | undefined;
  /** Answers 426 and this. */
  belowMinimum: string | undefined;
  moved: Placement | undefined;
  manifest: number | undefined;
  /** Goes on once it has taken a request in: the answer is then lost. */
  loseAnswerOf: string | undefined;
  private readonly server: UpdateServer;
  private readonly guard = new ReplayGuard(0);

  constructor(server: UpdateServer) {
    this.server = server;
    server.onPost = (request, response) => void this.take(request, response);
  }

  ask(kind: RequestKind, product?: string): string {
    const id = randomBytes(16).toString("hex");
    const askedAt = seconds();
    this.requests.push({
      ...{ id, kind, askedAt, expiresAt: askedAt + 28 * 86_400 },
      ...(product === undefined ? {} : { product }),
    });
    return id;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const content = Buffer.concat(chunks);
    const path = request.url ?? "";
    if (this.refusal !== undefined) {
      const { status, code, retryAfter } = this.refusal;
      this.log.push(`${path} ${status}`);
      response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": String(retryAfter) });
      response.end(JSON.stringify({ code, detail: "not now" }));
      return;
    }
    const { answered, verified } = await this.handle(request, path, content);
    this.log.push(`${path} ${answered.status}`);
    if (this.loseAnswerOf !== undefined && path.includes(this.loseAnswerOf)) {
      request.socket.destroy();
      return;
    }
    const bytes = Buffer.from(JSON.stringify(answered.body));
    const type = "application/json";
    const headers = verified === undefined ? {} : this.signatureOf(answered, bytes, type, verified);
    response.writeHead(answered.status, { "content-type": type, ...headers }).end(bytes);
  }

  private signatureOf(
    { status }: Answered,
    bytes: Buffer,
    type: string,
    { request, nonce, keyid }: Verified,
  ) {
    const [signer] = this.server.repository.signers.timestamp;
    if (signer === undefined) return {};
    return signAnswer(
      { status, content: { type, bytes }, request, nonce, device: keyid },
      { created: seconds(), keyid: signer.id },
      (signed) => sign(null, signed, signer.privateKey),
    );
  }

  private async handle(
    incoming: IncomingMessage,
    path: string,
    content: Buffer,
  ): Promise<{ answered: Answered; verified?: Verified }> {
    const isEnrolment = path === "/api/v1/enrolments";
    let former: KnownDevice | undefined;
    const verify = (findKey: (keyid: string) => string | undefined) =>
      verifyRequest(
        { method: "POST", target: path, fields: incoming.headersDistinct, content },
        {
          ...{ now: seconds(), guard: this.guard },
          repository: isEnrolment ? undefined : this.server.rootSha256,
          findDevice: async (keyid) => {
            const publicKey = findKey(keyid);
            return publicKey === undefined ? undefined : { publicKey };
          },
        },
      );
    let verdict = await verify((keyid) =>
      isEnrolment ? readEnrolmentRequest(content).publicKey : this.devices.get(keyid)?.keys.at(-1),
    );
    if (verdict.kind === "refused" && verdict.error.code === "signature/not-verified") {
      const again = await verify((keyid) => {
        former = this.devices.get(keyid);
        return former?.keys.at(-2);
      });
      if (again.kind === "verified") verdict = again;
      else former = undefined;
    }
    if (verdict.kind === "refused") return { answered: problem(401, verdict.error.code) };
    const { keyid } = verdict;
    if (isEnrolment) return { answered: this.enrol(keyid, content), verified: verdict };
    const device = this.devices.get(keyid);
    if (device === undefined) return { answered: problem(401, "signature/unknown-key") };
    if (path === `/api/v1/agents/${keyid}/key`) {
      return { answered: this.replaceKey(device, content, former !== undefined), verified: verdict };
    }
    if (former !== undefined) return { answered: problem(409, "fleet/key-replaced") };
    if (path === "/api/v1/check-ins") return { answered: this.checkIn(device, content), verified: verdict };
    return { answered: problem(404, "http/not-found") };
  }

  private enrol(id: string, content: Buffer): Answered {
    const { authority, publicKey } = readEnrolmentRequest(content);
    if (id !== deviceIdOf(publicKey)) return problem(401, "signature/unknown-key");
    const known = this.devices.get(id);
    if (authority.kind === "clone") {
      const former = this.devices.get(authority.device)?.keys.slice(0, -1) ?? [];
      const statement = cloneStatement(authority.device, publicKey);
      const signature = Buffer.from(authority.signature, "hex");
      const isProven = former.some((key) => openDeviceKey(key)?.verifies(statement, signature) === true);
      if (!isProven) return problem(401, "fleet/bad-proof");
      const copyOf = authority.device;
      this.devices.set(id, known ?? { id, keys: [publicKey], copyOf, sequence: 0, isCopied: false });
    } else if (known === undefined) {
      const used = this.tokens.get(authority.token);
      if (used === undefined) return problem(403, "fleet/unknown-token");
      if (used > 0) return problem(403, "fleet/token-used-up");
      this.tokens.set(authority.token, used + 1);
      this.devices.set(id, { id, keys: [publicKey], sequence: 0, isCopied: false });
    }
    const answer = { schemaVersion: 1, device: id, ...this.placement };
    return { status: known === undefined ? 201 : 200, body: answer };
  }

  private replaceKey(device: KnownDevice, content: Buffer, byFormer: boolean): Answered {
    const { publicKey, signature } = readNewKeyRequest(content);
    const statement = newKeyStatement(device.id, publicKey);
    if (openDeviceKey(publicKey)?.verifies(statement, Buffer.from(signature, "hex")) !== true) {
      return problem(401, "fleet/bad-proof");
    }
    if (device.keys.at(-1) !== publicKey) {
      if (byFormer) return problem(409, "fleet/key-replaced");
      device.keys.push(publicKey);
      device.isCopied = false;
    }
    return { status: 200, body: { schemaVersion: 1, device: device.id, ...this.placement } };
  }

  private checkIn(device: KnownDevice, content: Buffer): Answered {
    const checkIn = readCheckIn(content);
    this.checkIns.push(checkIn);
    if (checkIn.sequence <= device.sequence) device.isCopied = true;
    device.sequence = Math.max(device.sequence, checkIn.sequence);
    for (const attempt of checkIn.attempts) {
      if (!this.attempts.has(attempt.id)) this.attempts.set(attempt.id, attempt);
    }
    for (const outcome of checkIn.handled) this.outcomes.set(outcome.id, outcome);
    const answer = {
      schemaVersion: 1,
      acknowledged: [...checkIn.attempts, ...checkIn.handled].map(({ id }) => id),
      requests: this.requests.filter(({ id }) => !this.outcomes.has(id)),
      ...(device.isCopied ? { newKey: true } : {}),
      ...(this.manifest === undefined ? {} : { manifest: this.manifest }),
      ...(this.moved === undefined ? {} : { moved: this.moved }),
    };
    if (this.belowMinimum === undefined) return { status: 200, body: answer };
    const { body } = problem(426, "fleet/below-minimum", this.belowMinimum);
    return { status: 426, body: { ...body, ...answer } };
  }
}

function problem(status: number, code: string, detail = "refused"): Answered {
  return { status, body: { type: `urn:fairlead:error:${code}`, title: "refused", status, detail, code } };
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
