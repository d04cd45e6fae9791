import { HttpSignatureError } from "./http-signature-error.ts";

/**
 * Header fields by their names in lower case, each line of a field as one value, in order. `IncomingMessage.headersDistinct`
 * of Node has this shape; so has `headers`, where Node has joined the lines already.
 */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request as one side sees it. */
export interface RequestMessage {
  readonly kind: "request";
  readonly method: string;
  /** The request target as the request line has it, nothing decoded: `/path?query`, or another form of RFC 9112, 3.2. */
  readonly target: string;
  /** Where it went. Behind a proxy nobody knows it, and then nothing that is derived from it can be covered. */
  readonly origin?: {
    readonly scheme: "http" | "https";
    /** Host, and port where there is one, as the Host field has it. */
    readonly authority: string;
  };
  readonly fields: Fields;
}

export interface ResponseMessage {
  readonly kind: "response";
  readonly status: number;
  readonly fields: Fields;
  /** What it answers. */
  readonly request: RequestMessage;
}

export type Message = RequestMessage | ResponseMessage;

/**
 * The value of a header field as signatures cover it (RFC 9421, section 2.1): lines without the white space around them,
 * obsolete folds as one space, joined by a comma and a space. `undefined`: the message has no such field.
 *
 * @throws HttpSignatureError `signature/malformed` for a value that no signature base may hold
 */
export function fieldValue(fields: Fields, name: string): string | undefined {
  const lines = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (lines === undefined) return undefined;
  const value = (typeof lines === "string" ? [lines] : lines).map(unfold).join(", ");
  if (/^[\t\x20-\x7e]*$/.test(value)) return value;
  throw new HttpSignatureError("signature/malformed", `the header field \`${name}\` is not printable ASCII`);
}

function unfold(line: string): string {
  // One part after the other: a pattern for a whole fold would look at a run of spaces once for each of them.
  return line
    .split(/\r?\n(?=[ \t])/)
    .map(trim)
    .join(" ");
}

/** Without spaces and tabs around it: `String.trim` takes more than HTTP does. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
