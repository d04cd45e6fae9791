import { randomBytes } from "node:crypto";
import { type SignedRequest, signRequest } from "../../protocol/http-signatures/request-signature.ts";
import type { DeviceSigner } from "../config/device-key.ts";

export interface DeviceRequest {
  readonly method: string;
  readonly url: URL;
  /** Absent for a request without content. It must be sent as it is: nothing may compress it after this. */
  readonly content?: { readonly type: string; readonly bytes: Uint8Array };
  /** SHA-256 of the repository's first root; absent in an enrolment alone. */
  readonly repository?: string;
}

/**
 * Signs one try of a request with the device's key; another try is signed anew, since a controller takes no signature
 * twice.
 *
 * @param now seconds since 1970
 * @returns the header fields to send; the whole is kept for checking the answer
 */
export function signDeviceRequest(
  device: DeviceSigner,
  { method, url, content, repository }: DeviceRequest,
  now: number,
): SignedRequest {
  return signRequest(
    {
      method,
      // As node:http writes it into the request line.
      target: `${url.pathname}${url.search}`,
      ...(content === undefined ? {} : { content }),
      ...(repository === undefined ? {} : { repository }),
    },
    { created: now, keyid: device.id, nonce: randomBytes(NONCE_BYTES).toString("base64url") },
    (bytes) => device.sign(bytes),
  );
}

const NONCE_BYTES = 18;
