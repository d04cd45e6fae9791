import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { DomainError } from "../../protocol/domain-error.ts";
import { isName } from "../../protocol/manifest-names.ts";
import {
  badDocument,
  object,
  oneOf,
  optional,
  parseJson,
  type Reader,
  record,
  text,
} from "../../protocol/read-json.ts";
import { formatExpires } from "../../protocol/tuf/expiry-time.ts";
import { KeyError } from "./key-error.ts";
import {
  type IndexDocument,
  listDocuments,
  type RootDocument,
  readIndexDocument,
  readRootDocument,
  readTargetsDocument,
  type TargetsDocument,
  type TrustDocument,
  type TrustDocuments,
} from "./trust-documents.ts";

/** The format of signing requests: described by `schemas/signing-request.schema.json`. */
export const REQUEST_FORMAT = "fairlead-signing-request-1";

/** A ceremony with the indexes of many products fits; what is larger is no request. */
export const MAX_REQUEST_BYTES = 32 * 1024 * 1024;
const MAX_PRODUCTS = 1000;

/**
 * What a ceremony is to sign, with what is in force before it, so that a holder can see the difference without anything
 * else. It travels between machines as a file; each holder adds signatures.
 */
export interface SigningRequest {
  /** The command that made it, for people: `rotate online`. */
  readonly purpose: string;
  /** Seconds since 1970. */
  readonly madeAt: number;
  /** Empty where there is no `trust/` yet. */
  readonly present: TrustDocuments;
  readonly proposed: TrustDocuments;
}

/** What makes two files the same request: everything but the signatures. @returns 64 hexadecimal digits */
export function requestDigest({ purpose, madeAt, present, proposed }: SigningRequest): string {
  const unsigned = (documents: TrustDocuments) =>
    listDocuments(documents).map(({ kind, role, ...more }) => [
      kind,
      "product" in more ? more.product : "",
      role,
    ]);
  return sha256Hex(canonicalBytes([purpose, madeAt, unsigned(present), unsigned(proposed)]));
}

/** A request with another list of documents to sign, in the same places. */
export function withDocuments(
  request: SigningRequest,
  change: <Document extends TrustDocument>(document: Document) => Document,
): SigningRequest {
  const { root, targets, indexes } = request.proposed;
  return {
    ...request,
    proposed: {
      ...(root === undefined ? {} : { root: change(root) }),
      ...(targets === undefined ? {} : { targets: change(targets) }),
      indexes: new Map([...indexes].map(([product, index]) => [product, change(index)])),
    },
  };
}

export function encodeRequest({ purpose, madeAt, present, proposed }: SigningRequest): Buffer {
  const content = {
    format: REQUEST_FORMAT,
    purpose,
    made: formatExpires(madeAt),
    present: encodeDocuments(present),
    proposed: encodeDocuments(proposed),
  };
  return Buffer.from(`${JSON.stringify(content, undefined, 1)}\n`);
}

function encodeDocuments({ root, targets, indexes }: TrustDocuments): object {
  const encode = ({ role, signatures }: TrustDocument): object => ({ signatures, signed: role });
  return {
    ...(root === undefined ? {} : { root: encode(root) }),
    ...(targets === undefined ? {} : { targets: encode(targets) }),
    releases: Object.fromEntries([...indexes].map(([product, index]) => [product, encode(index)])),
  };
}

/** A document inside a request is read as its file in `trust/` will be. */
const root: Reader<RootDocument> = (value) => readRootDocument(bytesOf(value));
const targets: Reader<TargetsDocument> = (value) => readTargetsDocument(bytesOf(value));
const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? "");
const anything: Reader<unknown> = (value) => value;
const product: Reader<string> = (value, at) => {
  if (typeof value === "string" && isName(value)) return value;
  throw badDocument(at, "the name of a product", value);
};
const documents = object({
  root: optional(root),
  targets: optional(targets),
  releases: record(anything, MAX_PRODUCTS, product),
});
const content = object({
  format: oneOf(REQUEST_FORMAT),
  purpose: text({ max: 200, form: /^[\x20-\x7e]*$/, what: "printable text" }),
  made: text({
    max: 20,
    form: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    what: "a time such as 2027-01-31T00:00:00Z",
  }),
  present: documents,
  proposed: documents,
});

/**
 * Reads a request by its form; `requireSoundRequest` says whether it may be signed.
 *
 * @param name what the file is called, for messages
 * @throws KeyError `keys/bad-request`
 */
export function parseRequest(bytes: Buffer, name: string): SigningRequest {
  try {
    const { purpose, made, present, proposed } = content(parseJson(bytes, MAX_REQUEST_BYTES), "");
    const madeAt = Date.parse(made) / 1000;
    if (!Number.isSafeInteger(madeAt)) throw badDocument("/made", "a day that exists", made);
    return { purpose, madeAt, present: documentsOf(present), proposed: documentsOf(proposed) };
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new KeyError("keys/bad-request", `\`${name}\` is not a signing request: ${cause.message}`, {
      help: "name a file that `fairlead keys request` or `fairlead keys sign` wrote",
      cause,
    });
  }
}

function documentsOf({ root, targets, releases }: ReturnType<typeof documents>): TrustDocuments {
  const indexes = Object.entries(releases).map(([product, value]): [string, IndexDocument] => [
    product,
    readIndexDocument(product, bytesOf(value)),
  ]);
  return {
    ...(root === undefined ? {} : { root }),
    ...(targets === undefined ? {} : { targets }),
    indexes: new Map(indexes),
  };
}
