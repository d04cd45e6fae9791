import { HttpSignatureError } from "../../protocol/http-signatures/http-signature-error.ts";
import type { Fields, RequestMessage } from "../../protocol/http-signatures/message.ts";
import { requireVerified } from "../../protocol/http-signatures/message-signature.ts";
import type { RequiredParameters } from "../../protocol/http-signatures/profile.ts";
import { readRequestSignature } from "../../protocol/http-signatures/request-signature.ts";
import { quote } from "../../protocol/printable.ts";
import { openDeviceKey } from "./open-device-key.ts";
import type { ReplayGuard } from "./replay-guard.ts";

/** A request as it came. */
export interface ReceivedRequest {
  readonly method: string;
  /** As the request line has it: `/api/v1/check-in?full=1`, nothing decoded. */
  readonly target: string;
  /** `headersDistinct` of Node, so that a field which came twice is seen twice. */
  readonly fields: Fields;
  /** The bytes as they came, before anything is parsed or undone. */
  readonly content: Uint8Array;
}

/** As much of a device as its signature needs. */
export interface DeviceWithKey {
  /** Raw Ed25519 public key, 64 hexadecimal digits. */
  readonly publicKey: string;
}

export interface RequestVerifier<Device extends DeviceWithKey> {
  /** Seconds since 1970. */
  readonly now: number;
  /** SHA-256 of this controller's first root; `undefined` for an enrolment, which need not know it. */
  readonly repository: string | undefined;
  readonly guard: ReplayGuard;
  /** `undefined`: nobody has this id. An enrolment finds the key in the content, which is what was digested by then. */
  readonly findDevice: (keyid: string) => Promise<Device | undefined>;
}

export type RequestVerdict<Device extends DeviceWithKey> =
  | (RequiredParameters & {
      readonly kind: "verified";
      readonly device: Device;
      /** For signing the answer to it. */
      readonly request: RequestMessage;
    })
  | {
      readonly kind: "refused";
      /** Its code has a status in `HTTP_SIGNATURE_ERRORS`. */
      readonly error: HttpSignatureError;
    };

/**
 * Says which device sent a request, or why nobody can know. What costs least is asked first, and a signature is
 * remembered last, when it holds.
 *
 * @throws whatever `findDevice` throws
 */
export async function verifyRequest<Device extends DeviceWithKey>(
  { method, target, fields, content }: ReceivedRequest,
  { now, repository, guard, findDevice }: RequestVerifier<Device>,
): Promise<RequestVerdict<Device>> {
  try {
    const request: RequestMessage = { kind: "request", method, target, fields };
    const { created, keyid, nonce, signature } = readRequestSignature(request, content, { now, repository });
    const device = await findDevice(keyid);
    const key = device === undefined ? undefined : openDeviceKey(device.publicKey);
    if (device === undefined || key === undefined) {
      throw new HttpSignatureError("signature/unknown-key", `no device has the id ${quote(keyid)}`);
    }
    requireVerified(signature, key);
    requireNew(guard, keyid, nonce, now);
    return { kind: "verified", device, request, created, keyid, nonce };
  } catch (error) {
    if (error instanceof HttpSignatureError) return { kind: "refused", error };
    throw error;
  }
}

function requireNew(guard: ReplayGuard, keyid: string, nonce: string, now: number): void {
  const admission = guard.admit(keyid, nonce, now);
  switch (admission) {
    case "new":
      return;
    case "replayed":
      throw new HttpSignatureError("signature/replayed", "this signature was taken before");
    case "too-many":
      throw new HttpSignatureError("signature/too-many", `${keyid} has signed too many requests of late`);
    case "full":
      throw new HttpSignatureError("signature/guard-full", "too many signatures are remembered already");
  }
}
