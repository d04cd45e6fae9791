import { printable } from "../../protocol/printable.ts";
import type { PostAnswer, PostClient } from "../call-out/post-json.ts";
import { readRetryAfter } from "../call-out/retry.ts";
import { cloudEvent } from "./cloud-event.ts";
import type { Message } from "./message.ts";
import type { Delivery } from "./outbox.ts";
import type { Receiver } from "./receiver.ts";
import { sendMail } from "./send-mail.ts";
import { slackMessage } from "./slack-message.ts";

/** What a sender needs besides the receiver. */
export interface DeliveryParts {
  readonly web: PostClient;
  /** PEM file of authorities that count beside the system's. */
  readonly authorities: string | undefined;
  /** Of the events: the controller's public address. */
  readonly source: string;
}

/** Sends a message once. Never rejects, and takes at most a quarter of a minute. */
export async function deliver(
  { way }: Receiver,
  message: Message,
  { web, authorities, source }: DeliveryParts,
  now: number,
  stop: AbortSignal,
): Promise<Delivery> {
  switch (way.kind) {
    case "webhook": {
      const { headers, body } = cloudEvent(message, source, way);
      const post = { url: new URL(way.url), headers, body, allowPrivate: way.allowPrivate };
      return judgeAnswer(await web.post(post, stop), now);
    }
    case "slack": {
      const headers = { "content-type": "application/json; charset=utf-8", "user-agent": "Fairlead" };
      const body = slackMessage(message);
      const post = { url: new URL(way.url), headers, body, allowPrivate: way.allowPrivate };
      return judgeAnswer(await web.post(post, stop), now);
    }
    case "mail":
      return sendMail(way, message, authorities, stop);
  }
}

/** Answers that say that this message will never be taken; all others may change when somebody mends something. */
const NEVER: ReadonlySet<number> = new Set([400, 410, 413, 415, 422]);

/** What an answer means for the message. */
export function judgeAnswer(answer: PostAnswer, now: number): Delivery {
  if (answer.kind === "unreachable") return { kind: "failed", why: answer.why };
  const { status, retryAfter, text } = answer;
  if (status >= 200 && status < 300) return { kind: "delivered" };
  if (status >= 300 && status < 400) {
    return { kind: "failed", why: `it answers ${status}: sends elsewhere, and no redirect is followed` };
  }
  const said = printable(text.trim().split("\n", 1)[0] ?? "", 120);
  const why = `it answers ${status}${said === "" ? "" : `: ${said}`}`;
  if (NEVER.has(status)) return { kind: "refused", why };
  return { kind: "failed", why, retryAfter: readRetryAfter(retryAfter, now) };
}
