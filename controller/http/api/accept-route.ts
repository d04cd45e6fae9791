import type { FastifyInstance } from "fastify";
import { AcceptError } from "../../reconcile/accept-error.ts";
import { HttpError } from "../http-error.ts";
import { type RouteContext, requireToken } from "../route-context.ts";
import { ACCEPT_SCHEMA, ACCEPTED_SCHEMA, ERROR_SCHEMA } from "./route-schemas.ts";

/** `POST /api/v1/accept`: what `fairlead accept` does, for operators who have no shell on the controller's machine. */
export function addAcceptRoute(app: FastifyInstance, context: RouteContext): void {
  app.post<{ Body: { readonly commit: string } }>("/api/v1/accept", {
    // Also where operators are let in without: a page in somebody's browser can post, and has no token.
    onRequest: async (request) => requireToken(context, request),
    schema: {
      operationId: "accept",
      summary: "Releases a commit that is held because it does not descend from the one that is served",
      description: "It counts once, from what is served now, and lapses when anything else is served.",
      tags: ["operation"],
      security: [{ operatorToken: [] }],
      body: ACCEPT_SCHEMA,
      response: {
        202: ACCEPTED_SCHEMA,
        400: ERROR_SCHEMA,
        401: ERROR_SCHEMA,
        409: ERROR_SCHEMA,
        413: ERROR_SCHEMA,
        415: ERROR_SCHEMA,
      },
    },
    handler(request, reply) {
      const { commit } = request.body;
      const { servedCommit } = accept(context, commit);
      context.log.info(
        { event: "commit.accepted", commit, servedCommit, address: request.ip },
        `an operator accepted ${commit} in the place of ${servedCommit}`,
      );
      return reply.code(202).send({ commit, servedCommit });
    },
  });
}

/** @throws HttpError */
function accept(context: RouteContext, commit: string): { readonly servedCommit: string } {
  try {
    return context.accept(commit);
  } catch (error) {
    if (!(error instanceof AcceptError)) throw error;
    const { message, help } = error;
    const more = { cause: error, ...(help === undefined ? {} : { help }) };
    switch (error.code) {
      case "accept/bad-commit":
        throw new HttpError("http/bad-request", message, more);
      case "accept/not-held":
      // Nothing was ever served, so nothing can be held.
      case "accept/no-state-folder":
        throw new HttpError("http/not-held", `commit ${commit} is not held`, {
          ...more,
          help: "look at what is held with `fairlead status`",
        });
      case "accept/not-owner":
        throw error;
    }
  }
}
