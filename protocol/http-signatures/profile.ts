import { quote } from "../printable.ts";
import { HttpSignatureError } from "./http-signature-error.ts";
import type { Fields, RequestMessage } from "./message.ts";
import type { MessageSignature } from "./message-signature.ts";
import { type Component, component, componentId } from "./signature-base.ts";

/**
 * What Fairlead asks of HTTP Message Signatures: section 1.4 of RFC 9421 has every application say this much.
 *
 * **Covered of a request**: the method, path and query as sent, what the content is, and which manifest repository it is
 * meant for. Neither `@scheme` nor `@authority`, nor what holds them (`@target-uri`, `@request-target` in absolute form):
 * where a proxy ends TLS the controller sees `http` and often another host name, and it would have to believe an unsigned
 * header field about what was there before. What `@authority` would be good for, that a request to one controller is
 * nothing to another, the repository does instead. A proxy may therefore rename the host, and not the path.
 *
 * **Covered of an answer**: its status and content, the device that it is for, and again all that was covered of the
 * request (`;req`, section 2.4). The answer repeats the request's nonce as its own, so that it answers that one request;
 * an agent believes it whatever its own clock says.
 *
 * **Keys**: Ed25519 only, the key that enrolment registered for the device, and the online key of the manifest for
 * answers. The online key also signs TUF roles: those begin with `{` and a signature base with `"`, so that neither can
 * be taken for the other. `keyid` is the id of the device, or the key's id in the root role.
 */
export const SIGNATURE_LABEL = "fairlead";
export const SIGNATURE_TAG = "fairlead";

/** Of a request: SHA-256 of the repository's first root (`1.root.json`) in hexadecimal, which never changes. */
export const REPOSITORY_FIELD = "fairlead-repository";
/** Of an answer: the id of the device that it is for. */
export const DEVICE_FIELD = "fairlead-device";

/** Seconds in which a request is good: clocks differ, and so does the way. Kerberos allows as much. */
export const MAX_REQUEST_AGE = 300;
export const MAX_CLOCK_AHEAD = 300;

/** What a message is understood by, beside its control data: covered wherever it is there. */
const UNDERSTOOD_BY = ["content-type", "content-encoding", "content-digest"] as const;

/** What a signature of this request must cover, in the order in which Fairlead writes it. */
export function coveredOfRequest({ fields }: RequestMessage): readonly Component[] {
  return [
    ...["@method", "@path", "@query"].map((name) => component(name)),
    ...present(fields, [...UNDERSTOOD_BY, REPOSITORY_FIELD]),
  ];
}

/** What a signature of an answer with these fields must cover. */
export function coveredOfAnswer(fields: Fields, request: RequestMessage): readonly Component[] {
  return [
    component("@status"),
    ...present(fields, [...UNDERSTOOD_BY, DEVICE_FIELD]),
    ...coveredOfRequest(request).map(({ value }) => component(value, "request")),
  ];
}

function present(fields: Fields, names: readonly string[]): readonly Component[] {
  return names
    .filter((name) => Object.hasOwn(fields, name) && fields[name] !== undefined)
    .map((name) => component(name));
}

/** @throws HttpSignatureError `signature/uncovered` */
export function requireCovered({ components }: MessageSignature, required: readonly Component[]): void {
  const covered = new Set(components.map(componentId));
  for (const one of required) {
    const id = componentId(one);
    if (covered.has(id)) continue;
    throw new HttpSignatureError("signature/uncovered", `the signature does not cover ${quote(id)}`);
  }
}

/** The parameters that every signature of Fairlead has. */
export interface RequiredParameters {
  /** Seconds since 1970. */
  readonly created: number;
  readonly keyid: string;
  readonly nonce: string;
}

const KEYID = /^[A-Za-z0-9._-]{1,64}$/;
const NONCE = /^[A-Za-z0-9_-]{16,64}$/;

/** @throws HttpSignatureError `signature/bad-parameters` */
export function requireParameters({ parameters }: MessageSignature): RequiredParameters {
  const { created, keyid, nonce, alg, tag } = parameters;
  if (tag !== SIGNATURE_TAG) throw badParameter("tag", `\`${SIGNATURE_TAG}\``, tag);
  // Absent it is what the key is for; anything else would let a message choose how it is checked.
  if (alg !== undefined && alg !== "ed25519") throw badParameter("alg", "`ed25519`, or none", alg);
  if (created === undefined || created < 0) throw badParameter("created", "seconds since 1970", created);
  if (keyid === undefined || !KEYID.test(keyid)) throw badParameter("keyid", "the id of a key", keyid);
  if (nonce === undefined || !NONCE.test(nonce)) {
    throw badParameter("nonce", "16 to 64 characters of base64url", nonce);
  }
  return { created, keyid, nonce };
}

function badParameter(name: string, expected: string, got: string | number | undefined): HttpSignatureError {
  const found = got === undefined ? "none" : quote(String(got));
  return new HttpSignatureError("signature/bad-parameters", `\`${name}\` must be ${expected}, got ${found}`);
}
