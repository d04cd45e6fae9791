import type { FastifyInstance, FastifyRequest } from "fastify";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import type { EventStreams } from "./event-stream.ts";
import type { LookPolls } from "./look-poll.ts";

/** Seconds that a long poll may wait: below the minute after which proxies and the listener give up on it. */
const LONGEST_WAIT = 50;

/** Long polls of agents. The stream of agents is no route: see `upgrade.ts`. */
export function addLookRoute(app: FastifyInstance, polls: LookPolls): void {
  app.get<{ Querystring: { manifest?: string; wait?: string } }>("/api/v1/look", {
    schema: {
      operationId: "look",
      summary: "Waits for another manifest",
      description:
        "Answers as soon as another manifest is served than the one of that version, or when the time is over. For agents whose proxy lets no stream through.",
      tags: ["agents"],
      security: [],
      querystring: {
        type: "object",
        additionalProperties: false,
        properties: {
          manifest: {
            type: "string",
            pattern: "^[0-9]{1,15}$",
            description: "Version of the timestamp role that the agent has.",
          },
          wait: {
            type: "string",
            pattern: "^([0-9]|[1-4][0-9]|50)$",
            description: `Seconds to wait, at most ${LONGEST_WAIT}.`,
          },
        },
      },
      response: {
        200: {
          description: "What is served now.",
          type: "object",
          required: ["within"],
          properties: {
            manifest: {
              type: "integer",
              description: "Version of the timestamp role; absent before the first.",
            },
            within: { type: "integer", description: "Seconds over which to spread the look." },
          },
        },
        400: ERROR_SCHEMA,
      },
    },
    async handler(request, reply) {
      const { manifest, wait } = request.query;
      const answer = await polls.wait(
        manifest === undefined ? undefined : Number(manifest),
        Number(wait ?? LONGEST_WAIT),
        (forget) => void reply.raw.once("close", forget),
      );
      return reply.header("cache-control", "no-store").send(answer);
    },
  });
}

/**
 * The events of the fleet for pages.
 *
 * @param tenantsOf whose events somebody may see, `null`: all; throws for whoever may see none
 */
export function addEventRoute(
  app: FastifyInstance,
  streams: EventStreams,
  tenantsOf: (request: FastifyRequest) => Promise<readonly string[] | null>,
): void {
  app.get<{ Querystring: { digest?: "true" } }>("/api/v1/events", {
    schema: {
      operationId: "events",
      summary: "What changes, as it happens",
      description:
        "Server-sent events: `manifest`, `commit`, `rollout`, `device`, `attempt`, `request`; with `digest=true` at most one a second, `changes`, whose `kinds` say which of them there were, and `devices` about which machines, where they are few. A stream that comes back with `Last-Event-ID` gets what it missed, or `reload` where that is no longer known.",
      tags: ["fleet"],
      security: [{}, { operatorToken: [] }],
      querystring: {
        type: "object",
        additionalProperties: false,
        properties: {
          digest: { type: "string", enum: ["true"], description: "Only what kinds of things changed." },
        },
      },
      response: {
        200: {
          description: "A stream that stays open.",
          content: { "text/event-stream": { schema: { type: "string" } } },
        },
        400: ERROR_SCHEMA,
        401: ERROR_SCHEMA,
        503: ERROR_SCHEMA,
      },
    },
    async handler(request, reply) {
      const tenants = await tenantsOf(request);
      const last = request.headers["last-event-id"];
      const detail = request.query.digest === "true" ? "digest" : "each";
      streams.serve(reply.raw, typeof last === "string" ? last : undefined, tenants, detail);
      return reply.hijack();
    },
  });
}
