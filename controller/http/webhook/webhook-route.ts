import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { LIMITS } from "../limits.ts";
import type { RouteContext, WebhookSettings } from "../route-context.ts";
import { isSignedWebhook } from "./webhook-signature.ts";

/**
 * `POST /hooks/git`: says that the source has something new. The signature of the body is checked, and its content is
 * not used: all that a call can do is to cause one fetch, so a replay is harmless.
 */
export async function addWebhookRoute(
  app: FastifyInstance,
  context: RouteContext,
  webhook: WebhookSettings,
): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(rateLimit, { max: LIMITS.hooksPerMinute, timeWindow: 60_000 });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.post("/hooks/git", {
      schema: {
        summary: "Tells the controller to look at its source, for GitHub and GitLab",
        description: "Signed with `X-Hub-Signature-256`, or with `X-Gitlab-Token` as the secret.",
        tags: ["operation"],
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
      handler(request, reply) {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        if (!isSignedWebhook(webhook.secret, body, request.headers)) {
          context.log.warn(
            { event: "webhook.refused", address: request.ip },
            "a webhook without a valid signature",
          );
          throw new HttpError("http/bad-signature", "the signature is missing or wrong", {
            help: "give the forge the same secret as --webhook-secret-file",
          });
        }
        webhook.trigger();
        return reply.code(202).send({ accepted: true });
      },
    });
  });
}
