import type { Readable } from "node:stream";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { LIMITS } from "../limits.ts";
import type { RouteContext, WebhookSettings } from "../route-context.ts";
import { pacedTrigger } from "./paced-trigger.ts";
import { isRightWebhook, readWebhookProof, tooLarge } from "./webhook-signature.ts";

/**
 * `POST /hooks/git`: says that the source has something new. The signature of the body is checked, and its content is
 * not used: all that a call can do is to cause a look at the source, so a replay is harmless.
 *
 * Wrong calls are counted by address, and right ones are heard whatever came before from theirs: behind a proxy all of
 * them have one address, and nobody may lock the forge out.
 */
export async function addWebhookRoute(
  app: FastifyInstance,
  context: RouteContext,
  webhook: WebhookSettings,
): Promise<void> {
  const look = pacedTrigger(webhook.trigger, LIMITS.hookPause);
  await app.register(async (scope) => {
    await scope.register(rateLimit, { global: false });
    const countWrongOne = scope.createRateLimit({ max: LIMITS.wrongHooksPerMinute, timeWindow: 60_000 });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    scope.post<{ Body: Readable | undefined }>("/hooks/git", {
      schema: {
        operationId: "announceCommit",
        summary: "Tells the controller to look at its source, for GitHub and GitLab",
        description: "Signed with `X-Hub-Signature-256`, or with `X-Gitlab-Token` as the secret.",
        tags: ["operation"],
        security: [{ webhookSignature: [] }, { webhookToken: [] }],
        response: {
          202: {
            description: "A look is due.",
            type: "object",
            properties: { accepted: { type: "boolean" } },
          },
          401: ERROR_SCHEMA,
          413: ERROR_SCHEMA,
          429: ERROR_SCHEMA,
        },
      },
      async handler(request, reply) {
        if (await isRight(request, webhook.secret)) {
          look();
          return reply.code(202).send({ accepted: true });
        }
        const counted = await countWrongOne(request);
        if (!counted.isAllowed && counted.isExceeded) {
          reply.header("retry-after", String(counted.ttlInSeconds));
          throw new HttpError("http/too-many-requests", "too many wrong webhooks from this address", {
            help: "wait as long as the Retry-After header says, and see to the secret",
          });
        }
        context.quietLog.warn(
          "webhook.refused",
          { address: request.ip },
          "a webhook without a valid signature",
        );
        throw new HttpError("http/bad-signature", "the signature is missing or wrong", {
          help: "give the forge the same secret as --webhook-secret-file",
        });
      },
    });
  });
}

async function isRight(
  { headers, body }: FastifyRequest<{ Body: Readable | undefined }>,
  secret: string,
): Promise<boolean> {
  const proof = readWebhookProof(headers);
  if (proof === undefined) return false;
  if (Number(headers["content-length"]) > LIMITS.hookBytes) throw tooLarge(LIMITS.hookBytes);
  return isRightWebhook(secret, proof, body ?? [], LIMITS.hookBytes);
}
