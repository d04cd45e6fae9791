import { quote } from "../printable.ts";
import type { OpenedKey } from "../tuf/require-threshold.ts";
import { HttpSignatureError } from "./http-signature-error.ts";
import { type Fields, fieldValue, type Message } from "./message.ts";
import { type Component, signatureBase } from "./signature-base.ts";
import {
  type InnerList,
  type Item,
  NO_PARAMETERS,
  type Parameters,
  parseDictionary,
  serialiseDictionary,
} from "./structured-fields.ts";

/** Signs bytes with Ed25519 (RFC 8032). The key stays where it is. */
export type Sign = (bytes: Uint8Array) => Uint8Array;

/** What a signature says of itself (RFC 9421, section 2.3), in the order in which it is written. */
export interface SignatureParameters {
  /** Seconds since 1970. */
  readonly created?: number;
  readonly expires?: number;
  readonly nonce?: string;
  readonly alg?: string;
  readonly keyid?: string;
  readonly tag?: string;
}

/** The header fields that carry a signature (RFC 9421, section 4). */
export interface SignatureFields {
  readonly "signature-input": string;
  readonly signature: string;
}

/** A signature as a message has it: well formed, and believed by nobody before `requireVerified`. */
export interface MessageSignature {
  readonly components: readonly Component[];
  readonly parameters: SignatureParameters;
  /** The bytes that it is over, as this message has them. */
  readonly base: Uint8Array;
  readonly signature: Uint8Array;
}

const INTEGERS: readonly string[] = ["created", "expires"];
const STRINGS: readonly string[] = ["nonce", "alg", "keyid", "tag"];

/**
 * Signs a message (RFC 9421, section 3.1).
 *
 * @param label of the signature among others in the same message
 * @throws HttpSignatureError `signature/missing-component` and others, for what the message does not have
 */
export function signMessage(
  message: Message,
  label: string,
  components: readonly Component[],
  parameters: SignatureParameters,
  sign: Sign,
): SignatureFields {
  const written = new Map(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const input: InnerList = { kind: "list", items: components, parameters: written };
  const value = sign(signatureBase(message, components, written));
  const signature: Item = { kind: "item", value, parameters: NO_PARAMETERS };
  return {
    "signature-input": serialiseDictionary(new Map([[label, input]])),
    signature: serialiseDictionary(new Map([[label, signature]])),
  };
}

/**
 * Reads the signature with one label (RFC 9421, section 3.2, steps 1 to 7); those with other labels, which a proxy may
 * have added, are passed over.
 *
 * @throws HttpSignatureError `signature/missing`, `signature/malformed`, `signature/bad-parameters`,
 *   `signature/unsupported-component`, `signature/missing-component`
 */
export function readSignature(message: Message, label: string): MessageSignature {
  const input = member(message.fields, "signature-input", label);
  const signature = member(message.fields, "signature", label);
  if (input?.kind !== "list" || signature?.kind !== "item" || !(signature.value instanceof Uint8Array)) {
    throw new HttpSignatureError("signature/missing", `the message has no signature ${quote(label)}`);
  }
  const components = input.items.map(componentOf);
  return {
    components,
    parameters: readParameters(input.parameters),
    base: signatureBase(message, components, input.parameters),
    signature: signature.value,
  };
}

/** @throws HttpSignatureError `signature/not-verified` */
export function requireVerified({ base, signature }: MessageSignature, key: OpenedKey): void {
  if (key.verifies(base, signature)) return;
  throw new HttpSignatureError("signature/not-verified", "the signature does not hold for this message");
}

function member(fields: Fields, name: string, label: string): Item | InnerList | undefined {
  const value = fieldValue(fields, name);
  return value === undefined ? undefined : parseDictionary(value).get(label);
}

function componentOf({ kind, value, parameters }: Item): Component {
  if (typeof value === "string") return { kind, value, parameters };
  throw new HttpSignatureError("signature/malformed", "the signature covers something that is not a string");
}

/** A parameter that is not known could narrow what the signature is good for: it is refused. */
function readParameters(parameters: Parameters): SignatureParameters {
  for (const [name, value] of parameters) {
    const known = INTEGERS.includes(name) ? "number" : STRINGS.includes(name) ? "string" : undefined;
    if (known !== typeof value) {
      throw new HttpSignatureError(
        "signature/bad-parameters",
        `the parameter ${quote(name)} is not understood`,
      );
    }
  }
  return Object.fromEntries(parameters);
}
