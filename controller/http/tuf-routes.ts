import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { HttpError } from "./http-error.ts";
import { answerFor, type PreparedFile } from "./prepared-file.ts";
import { type RouteContext, requireServing } from "./route-context.ts";
import { bytesSchema, ERROR_SCHEMA, PATH_PARAMETERS } from "./route-schemas.ts";

/**
 * `/tuf/*`: the metadata of the signed manifest, from memory. A root version that does not exist is a plain 404,
 * which is how a TUF client learns that it has the newest (TUF 1.0, section 5.3.3).
 */
export function addTufRoutes(app: FastifyInstance, context: RouteContext): void {
  app.route<{ Params: { "*": string } }>({
    method: ["GET", "HEAD"],
    url: "/tuf/*",
    schema: {
      summary: "A metadata file of the signed manifest",
      tags: ["manifest"],
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
        throw new HttpError(404, "not-found", `there is no metadata file \`${name}\``);
      }
      return sendPrepared(request, reply, file);
    },
  });
}

/** Writes prepared bytes and headers, or 304. */
export function sendPrepared(request: FastifyRequest, reply: FastifyReply, file: PreparedFile): FastifyReply {
  const { "accept-encoding": acceptEncoding, "if-none-match": ifNoneMatch } = request.headers;
  const answer = answerFor(file, acceptEncoding, ifNoneMatch);
  return reply
    .code(answer.status)
    .headers(answer.headers)
    .send(request.method === "HEAD" ? undefined : answer.body);
}
