import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bytesSchema, ERROR_SCHEMA, PATH_PARAMETERS } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { type RouteContext, requireServing } from "../route-context.ts";
import { answerFor, type PreparedFile } from "./prepared-file.ts";

export const METADATA_PREFIX = "/tuf/";
export const METADATA_ROUTE = `${METADATA_PREFIX}*`;

/**
 * `/tuf/*`: the metadata of the signed manifest, from memory. A root version that does not exist is a plain 404,
 * which is how a TUF client learns that it has the newest (TUF 1.0, section 5.3.3).
 */
export function addTufRoutes(app: FastifyInstance, context: RouteContext): void {
  app.route<{ Params: { "*": string } }>({
    method: ["GET", "HEAD"],
    url: METADATA_ROUTE,
    schema: {
      operationId: "metadata",
      summary: "A metadata file of the signed manifest",
      tags: ["manifest"],
      security: [],
      params: PATH_PARAMETERS,
      response: {
        200: bytesSchema("The signed bytes.", "application/json"),
        404: ERROR_SCHEMA,
        503: ERROR_SCHEMA,
      },
    },
    handler(request, reply) {
      const name = request.params["*"];
      const file = requireServing(context).metadata.get(name);
      if (file === undefined) {
        throw new HttpError("http/not-found", `there is no metadata file \`${name}\``);
      }
      return sendPrepared(request, reply, file);
    },
  });
}

/**
 * Writes prepared bytes and headers, or 304, without the framework's own reply: every agent makes this request all
 * day, and the answer is ready.
 */
export function sendPrepared(request: FastifyRequest, reply: FastifyReply, file: PreparedFile): FastifyReply {
  const { method, headers } = request.raw;
  const answer = answerFor(file, headers["accept-encoding"], headers["if-none-match"]);
  reply.hijack();
  reply.raw.writeHead(answer.status, answer.headers).end(method === "HEAD" ? undefined : answer.body);
  return reply;
}
