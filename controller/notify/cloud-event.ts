import { createHmac } from "node:crypto";
import { EVENTS, type News, typeOf } from "./fact.ts";
import type { Message } from "./message.ts";
import type { WebhookWay } from "./receiver.ts";

/**
 * A message as a CloudEvent in structured mode (CloudEvents 1.0.2, and its HTTP protocol binding, 3.2), signed as forges
 * sign theirs.
 *
 * @param source of the event: the controller's public address, or `urn:fairlead`
 */
export function cloudEvent(
  message: Message,
  source: string,
  { hmacSecret, token }: Pick<WebhookWay, "hmacSecret" | "token">,
): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const { id, type, at, title, lines, link, news } = message;
  const [only] = news;
  const subject = news.length === 1 && only !== undefined ? subjectOf(only) : undefined;
  const body = JSON.stringify({
    specversion: "1.0",
    ...{ id, source, type },
    ...(subject === undefined ? {} : { subject }),
    time: isoTime(at),
    datacontenttype: "application/json",
    data: {
      ...{ title, lines },
      ...(link === undefined ? {} : { link }),
      ...(news.length === 1 && only !== undefined ? detailsOf(only) : { events: news.map(listed) }),
    },
  });
  const headers: Record<string, string> = {
    "content-type": "application/cloudevents+json; charset=utf-8",
    // Also outside of the body, for proxies and for receivers that drop doubles before they parse.
    "ce-id": id,
    "user-agent": "Fairlead",
  };
  if (hmacSecret !== undefined) {
    headers["x-hub-signature-256"] = `sha256=${createHmac("sha256", hmacSecret).update(body).digest("hex")}`;
  }
  if (token !== undefined) headers[token.header.toLowerCase()] = token.value;
  return { headers, body };
}

function detailsOf({ event, phase, subject, thread }: News): object {
  return { event, phase, thread, kind: EVENTS[event].kind, ...subject };
}

function listed(news: News): object {
  const { id, at, title, lines } = news;
  return { id, type: typeOf(news), time: isoTime(at), title, lines, ...detailsOf(news) };
}

function subjectOf({ subject: { product, channel, commit, role } }: News): string | undefined {
  if (product !== undefined) return channel === undefined ? product : `${product}/${channel}`;
  return commit ?? role;
}

/** RFC 3339, as CloudEvents asks for. */
function isoTime(second: number): string {
  return new Date(second * 1000).toISOString();
}
