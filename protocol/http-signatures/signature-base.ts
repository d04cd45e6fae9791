import { quote } from "../printable.ts";
import { HttpSignatureError } from "./http-signature-error.ts";
import { fieldValue, type Message, type RequestMessage } from "./message.ts";
import {
  type InnerList,
  type Item,
  NO_PARAMETERS,
  type Parameters,
  serialiseInnerList,
  serialiseItem,
} from "./structured-fields.ts";

/**
 * Something of a message that a signature covers (RFC 9421, section 2): a header field by its name in lower case, or a
 * derived component such as `@method`. Of parameters there are `req` (of the request that a response answers) and `name`
 * (of `@query-param`); `sf`, `key`, `bs` and `tr` are refused.
 */
export type Component = Item<string>;

/** A component without parameters, or one of the request that a response answers. */
export function component(name: string, of: "message" | "request" = "message"): Component {
  return { kind: "item", value: name, parameters: of === "request" ? OF_REQUEST : NO_PARAMETERS };
}

const OF_REQUEST: Parameters = new Map([["req", true]]);

/** What a component is, for comparison: the order of its parameters says nothing (RFC 9421, section 2). */
export function componentId({ kind, value, parameters }: Component): string {
  const sorted = [...parameters].sort(([a], [b]) => (a < b ? -1 : 1));
  return serialiseItem({ kind, value, parameters: new Map(sorted) });
}

/**
 * The bytes that are signed (RFC 9421, section 2.5).
 *
 * @throws HttpSignatureError `signature/unsupported-component`, `signature/missing-component`, `signature/malformed`
 */
export function signatureBase(
  message: Message,
  components: readonly Component[],
  parameters: Parameters,
): Buffer {
  const seen = new Set<string>();
  const lines = components.map((covered) => {
    const id = componentId(covered);
    if (seen.has(id)) throw malformed(`${quote(id)} is covered twice`);
    seen.add(id);
    return `${serialiseItem(covered)}: ${componentValue(message, covered)}\n`;
  });
  const list: InnerList = { kind: "list", items: components, parameters };
  return Buffer.from(`${lines.join("")}"@signature-params": ${serialiseInnerList(list)}`, "ascii");
}

function componentValue(message: Message, covered: Component): string {
  const { value: name, parameters } = covered;
  for (const [parameter, value] of parameters) {
    const understood = parameter === "req" ? value === true : parameter === "name" && name === "@query-param";
    if (!understood) throw unsupported(covered);
  }
  const context = contextOf(message, covered);
  const value = name.startsWith("@") ? derived(context, covered) : fieldOf(context, covered);
  if (value === undefined) {
    throw new HttpSignatureError(
      "signature/missing-component",
      `the signature covers ${quote(serialiseItem(covered))}, which the message does not have`,
    );
  }
  return value;
}

/** The message that a component is taken from (RFC 9421, section 2.4). */
function contextOf(message: Message, covered: Component): Message {
  if (!covered.parameters.has("req")) return message;
  if (message.kind === "response") return message.request;
  throw unsupported(covered);
}

function fieldOf({ fields }: Message, covered: Component): string | undefined {
  // A name in other letters would be another line for the same field.
  if (!/^[a-z0-9!#$%&'*+\-.^_`|~]+$/.test(covered.value)) throw unsupported(covered);
  return fieldValue(fields, covered.value);
}

function derived(message: Message, covered: Component): string | undefined {
  if (message.kind === "response") {
    if (covered.value !== "@status") throw unsupported(covered);
    if (!Number.isInteger(message.status) || message.status < 100 || message.status > 999) return undefined;
    return String(message.status);
  }
  const value = derivedOfRequest(message, covered);
  // Section 2.2: printable and without white space around it. What comes from a request line is; no more is believed.
  if (value === undefined || /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/.test(value)) return value;
  throw malformed(`${quote(covered.value)} is not printable ASCII`);
}

/** RFC 9421, sections 2.2.1 to 2.2.8. */
function derivedOfRequest(request: RequestMessage, covered: Component): string | undefined {
  switch (covered.value) {
    case "@method":
      return request.method === "" ? undefined : request.method;
    case "@target-uri":
      return targetUri(request);
    case "@authority":
      return authority(request);
    case "@scheme":
      return request.origin?.scheme;
    case "@request-target":
      return request.target === "" ? undefined : request.target;
    case "@path":
      return splitTarget(request)?.path;
    case "@query":
      return splitTarget(request)?.query;
    case "@query-param":
      return queryParameter(request, covered);
    default:
      throw unsupported(covered);
  }
}

function targetUri({ target, origin }: RequestMessage): string | undefined {
  if (/^https?:\/\//i.test(target)) return target;
  if (origin === undefined || !target.startsWith("/")) return undefined;
  return `${origin.scheme}://${origin.authority}${target}`;
}

/** In lower case, and without the port that the scheme has anyway (RFC 9110, section 4.2.3). */
function authority({ origin }: RequestMessage): string | undefined {
  if (origin === undefined || origin.authority === "") return undefined;
  const lower = origin.authority.toLowerCase();
  const ordinary = origin.scheme === "https" ? ":443" : ":80";
  return lower.endsWith(ordinary) ? lower.slice(0, -ordinary.length) : lower;
}

/** Path and query of a target in origin or absolute form; other forms have neither. */
function splitTarget({ target }: RequestMessage): { path: string; query: string } | undefined {
  const absolute = /^https?:\/\/[^/?#]*/i.exec(target)?.[0];
  if (absolute === undefined && !target.startsWith("/")) return undefined;
  // A fragment is never sent, and readers differ in what they make of one.
  if (target.includes("#")) return undefined;
  const rest = target.slice(absolute?.length ?? 0);
  const mark = rest.indexOf("?");
  const path = mark === -1 ? rest : rest.slice(0, mark);
  return { path: path === "" ? "/" : path, query: mark === -1 ? "?" : rest.slice(mark) };
}

/** RFC 9421, section 2.2.8. One that stands there twice is refused, as the RFC says. */
function queryParameter(request: RequestMessage, covered: Component): string | undefined {
  const name = covered.parameters.get("name");
  if (typeof name !== "string") throw unsupported(covered);
  const query = splitTarget(request)?.query ?? "";
  const found = [...new URLSearchParams(query)].filter(([key]) => percentEncode(key) === name);
  if (found.length > 1) throw malformed(`the query has ${quote(name)} more than once`);
  return found[0] === undefined ? undefined : percentEncode(found[0][1]);
}

/** The percent-encode set of `application/x-www-form-urlencoded` (WHATWG URL), and a space as `%20`. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function unsupported(covered: Component): HttpSignatureError {
  return new HttpSignatureError(
    "signature/unsupported-component",
    `the signature covers ${quote(serialiseItem(covered))}, which cannot be derived here`,
  );
}

function malformed(what: string): HttpSignatureError {
  return new HttpSignatureError("signature/malformed", what);
}
