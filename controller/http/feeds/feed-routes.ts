import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sha256Hex } from "../../../protocol/digest.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { matchesEntityTag } from "../manifest/conditional.ts";
import { type RouteContext, requireServing } from "../route-context.ts";
import { signIn } from "../sign-in.ts";
import { ATOM_TYPE, atomFeed } from "./atom-feed.ts";
import { type ChannelFeed, channelFeed } from "./channel-feed.ts";
import { JSON_FEED_TYPE, jsonFeed } from "./json-feed.ts";

interface FeedParams {
  readonly product: string;
  readonly channel: string;
}

/** Seconds for which a feed may be taken from a cache. */
const FRESH_FOR = 300;

const FORMATS = {
  atom: { type: ATOM_TYPE, media: "application/atom+xml", what: "Atom (RFC 4287)", write: atomFeed },
  json: { type: JSON_FEED_TYPE, media: "application/feed+json", what: "JSON Feed 1.1", write: jsonFeed },
} as const;

/** `/feeds/:product/:channel.atom` and `.json`: what a channel has offered, for feed readers. */
export function addFeedRoutes(app: FastifyInstance, context: RouteContext): void {
  for (const format of ["atom", "json"] as const) addFeedRoute(app, context, format);
}

function addFeedRoute(app: FastifyInstance, context: RouteContext, format: keyof typeof FORMATS): void {
  const { media, what } = FORMATS[format];
  app.get<{ Params: FeedParams }>(`/feeds/:product/:channel.${format}`, {
    schema: {
      operationId: format === "atom" ? "atomFeed" : "jsonFeed",
      summary: `The versions that a channel has offered, as ${what}`,
      description:
        "Newest first, with release notes; security releases are marked in title and category. It says no more than the " +
        "signed policy of the product does.",
      tags: ["agents"],
      security: [{}, { operatorToken: [] }],
      params: {
        type: "object",
        required: ["product", "channel"],
        properties: {
          product: { type: "string", maxLength: 64 },
          channel: { type: "string", maxLength: 64 },
        },
      },
      response: {
        200: { description: "The feed.", content: { [media]: { schema: { type: "string" } } } },
        304: { type: "null", description: "What you have is still right." },
        401: ERROR_SCHEMA,
        404: ERROR_SCHEMA,
        503: ERROR_SCHEMA,
      },
    },
    async handler(request, reply) {
      if (context.feeds === "token") await signIn(context, request);
      const { product, channel } = request.params;
      const feed = channelFeed(requireServing(context), product, channel, context.now());
      if (feed === undefined) {
        throw new HttpError("http/not-found", "there is no such channel", {
          help: "ask for /feeds/PRODUCT/CHANNEL.atom or .json",
        });
      }
      return answer(context, request, reply, feed, format);
    },
  });
}

function answer(
  { publicOrigin, feeds }: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  feed: ChannelFeed,
  format: keyof typeof FORMATS,
): FastifyReply {
  const { type, write } = FORMATS[format];
  const [path = ""] = request.url.split("?");
  const text = write(feed, `${publicOrigin ?? `${request.protocol}://${request.host}`}${path}`);
  const etag = `"${sha256Hex(text).slice(0, 32)}"`;
  reply
    .header("etag", etag)
    .header("cache-control", `${feeds === "token" ? "private" : "public"}, max-age=${FRESH_FOR}`)
    .header("last-modified", new Date(feed.updated * 1000).toUTCString())
    .header("x-content-type-options", "nosniff");
  if (matchesEntityTag(request.headers["if-none-match"], etag)) return reply.code(304).send();
  // A buffer, so that no schema writes it anew.
  return reply.type(type).send(Buffer.from(text));
}
