import type { Message, RequestMessage } from "../../../protocol/http-signatures/message.ts";

/** Joins lines that an RFC has wrapped (RFC 8792, section 7.1: a backslash, a line end, and spaces). */
export function unwrap(text: string): string {
  return text.replaceAll(/\\\n */g, "");
}

/** A message as an RFC prints it; what it leaves open about the request is given. */
export function readMessage(
  text: string,
  { scheme = "https", request }: { scheme?: "http" | "https"; request?: RequestMessage } = {},
): { message: Message; content: Buffer } {
  const [head = "", ...rest] = unwrap(text).trimStart().split("\n\n");
  const [start = "", ...lines] = head
    .replaceAll(/\n[ \t]+/g, " ")
    .trimEnd()
    .split("\n");
  const fields: Record<string, string[]> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    fields[name] = [...(fields[name] ?? []), line.slice(colon + 1)];
  }
  const content = Buffer.from(rest.join("\n\n").replace(/\n$/, ""));
  const status = /^HTTP\/1\.1 (\d{3})/.exec(start)?.[1];
  if (status !== undefined) {
    if (request === undefined) throw new Error("a response answers a request");
    return { message: { kind: "response", status: Number(status), fields, request }, content };
  }
  const [method = "", target = ""] = start.split(" ");
  const authority = fields.host?.[0]?.trim();
  const origin = authority === undefined ? {} : { origin: { scheme, authority } };
  return { message: { kind: "request", method, target, fields, ...origin }, content };
}

export function readRequest(text: string, scheme: "http" | "https" = "https"): RequestMessage {
  const { message } = readMessage(text, { scheme });
  if (message.kind === "request") return message;
  throw new Error("this is no request");
}
