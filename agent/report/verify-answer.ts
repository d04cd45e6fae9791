import { requireAnswer } from "../../protocol/http-signatures/answer-signature.ts";
import type { Fields } from "../../protocol/http-signatures/message.ts";
import type { SignedRequest } from "../../protocol/http-signatures/request-signature.ts";
import type { RootRole } from "../../protocol/tuf/roles.ts";
import { openKey } from "../trust/open-key.ts";

/**
 * Believes what a controller answers to a signed request, or throws. Its key is the online one, as the root that this
 * agent trusts names it for the timestamp role.
 *
 * @param content the bytes as they came
 * @throws HttpSignatureError
 */
export function requireAnswerTo(
  { message, keyid, nonce }: SignedRequest,
  answer: { readonly status: number; readonly fields: Fields },
  content: Uint8Array,
  root: RootRole,
): void {
  requireAnswer(answer, content, {
    request: message,
    nonce,
    device: keyid,
    openKey: (id) => {
      const key = root.roles.timestamp.keyids.includes(id) ? root.keys[id] : undefined;
      return key === undefined ? undefined : openKey(key);
    },
  });
}
