import type { Area, EventName, Subject } from "./fact.ts";

/** Somebody who is told, as the configuration says it, with secrets read. Plain data. */
export interface Receiver {
  readonly name: string;
  readonly way: Way;
  /** What it is told of; absent: everything. */
  readonly route: Route;
  /** Seconds after which a state that lasts is told again; `null`: never. */
  readonly repeatAfter: number | null;
  /** Messages in a minute; more become one. */
  readonly burst: number;
}

export type Way = WebhookWay | SlackWay | MailWay;

interface HttpWay {
  readonly url: string;
  /** Its host may be at a private address. */
  readonly allowPrivate: boolean;
}

/** CloudEvents 1.0, structured mode. */
export interface WebhookWay extends HttpWay {
  readonly kind: "webhook";
  /** Key of the HMAC-SHA256 over the body, in `X-Hub-Signature-256`. */
  readonly hmacSecret?: string;
  /** A header with a token. */
  readonly token?: { readonly header: string; readonly value: string };
}

/** An incoming webhook of Slack, or of what understands its messages. Its address is a secret. */
export interface SlackWay extends HttpWay {
  readonly kind: "slack";
}

export interface MailWay {
  readonly kind: "mail";
  readonly host: string;
  readonly port: number;
  /** `starttls` and `tls` demand it; `none` is for a relay on this machine. */
  readonly security: "starttls" | "tls" | "none";
  readonly user?: string;
  readonly password?: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** All that is given must hold. */
export interface Route {
  readonly events?: readonly EventName[];
  readonly products?: readonly string[];
  /** `channel`, or `product/channel`. */
  readonly channels?: readonly string[];
  /** Limits what is told to what may be known of these tenants. */
  readonly tenants?: readonly string[];
}

/** What of the areas a receiver is told. */
export function routedAreas(areas: readonly Area[], route: Route): readonly Area[] {
  return areas.map((area) => ({
    ...area,
    facts: area.facts.filter(({ event, subject }) => isRouted(route, event, subject)),
  }));
}

/** Whether a receiver is told of something. What is about no product or channel is for whoever names none. */
export function isRouted(
  { events, products, channels }: Route,
  event: EventName,
  { product, channel }: Subject,
): boolean {
  if (events?.includes(event) === false) return false;
  if (products !== undefined && (product === undefined || !products.includes(product))) return false;
  if (channels === undefined) return true;
  return channel !== undefined && (channels.includes(channel) || channels.includes(`${product}/${channel}`));
}
