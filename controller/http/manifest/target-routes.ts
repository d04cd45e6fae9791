import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bytesSchema, ERROR_SCHEMA, PATH_PARAMETERS } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { type RouteContext, requireServing } from "../route-context.ts";
import { readByteRange } from "./byte-range.ts";
import { matchesEntityTag } from "./conditional.ts";
import { type FoundArtifact, findArtifact } from "./served-manifest.ts";
import { sendPrepared } from "./tuf-routes.ts";

/**
 * `/targets/*`: policy documents from memory, artifacts from the folder or by a redirect. The manifest decides what
 * exists; a path of a request never becomes a path of a file.
 */
export function addTargetRoutes(app: FastifyInstance, context: RouteContext): void {
  app.route<{ Params: { "*": string } }>({
    method: ["GET", "HEAD"],
    url: "/targets/*",
    schema: {
      operationId: "target",
      summary: "A target of the signed manifest: a policy document or an artifact",
      tags: ["manifest"],
      security: [],
      params: PATH_PARAMETERS,
      response: {
        200: bytesSchema("The bytes.", "application/octet-stream"),
        206: bytesSchema("The part that `Range` asks for.", "application/octet-stream"),
        302: { description: "The artifact is at the address that its version file names.", type: "null" },
        307: { description: "The artifact is in the bucket that this controller was told of.", type: "null" },
        404: ERROR_SCHEMA,
        416: ERROR_SCHEMA,
        503: ERROR_SCHEMA,
      },
    },
    async handler(request, reply) {
      const path = request.params["*"];
      const { documents, manifest } = requireServing(context);
      const document = documents.get(path);
      if (document !== undefined) return sendPrepared(request, reply, document);
      const found = findArtifact(manifest, path);
      if (found === undefined) throw new HttpError("http/not-found", `there is no target \`${path}\``);
      return sendArtifact(context, request, reply, found);
    },
  });
}

const REDIRECT_CACHING = "public, max-age=60";

async function sendArtifact(
  context: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { target, artifact, immutable }: FoundArtifact,
): Promise<FastifyReply> {
  const { location } = artifact;
  if (location.kind === "external")
    return reply.header("cache-control", "no-cache").redirect(location.url, 302);
  if (context.artifacts === undefined) {
    throw new HttpError("http/artifact-missing", "this controller hosts no artifacts", {
      help: "start it with --artifacts DIR",
    });
  }
  if (context.artifacts.kind === "elsewhere") {
    const address = context.artifacts.addressOf(location.path);
    if (address === undefined) {
      throw new HttpError("http/artifact-missing", "this artifact has a path that no origin can serve", {
        help: "give it a plain path below artifacts/ in its version file",
      });
    }
    // Short also under the name that holds the digest: the bytes never change, where they are may.
    return reply.header("cache-control", REDIRECT_CACHING).redirect(address, 307);
  }
  const etag = `"${artifact.sha256}"`;
  const headers = {
    etag,
    "accept-ranges": "bytes",
    "cache-control": immutable ? "public, max-age=31536000, immutable" : "public, no-cache",
    "x-content-type-options": "nosniff",
  };
  if (matchesEntityTag(request.headers["if-none-match"], etag))
    return reply.headers(headers).code(304).send();

  const handle = await context.artifacts.open({ ...artifact, target, path: location.path });
  // Whoever gets an error is told nothing that a cache could take for the file.
  reply.headers(headers);
  const ifRange = request.headers["if-range"];
  const range = readByteRange(
    request.headers.range,
    typeof ifRange === "string" ? ifRange : undefined,
    etag,
    artifact.size,
  );
  if (range.kind === "unsatisfiable") {
    await handle.close();
    reply.header("content-range", `bytes */${artifact.size}`);
    throw new HttpError("http/range-not-satisfiable", `the file has ${artifact.size} bytes`);
  }
  const { start, end } = range.kind === "part" ? range : { start: 0, end: artifact.size - 1 };
  if (range.kind === "part") {
    reply.code(206).header("content-range", `bytes ${start}-${end}/${artifact.size}`);
  }
  reply.header("content-length", String(end - start + 1)).type("application/octet-stream");
  if (request.method === "HEAD" || end < start) {
    await handle.close();
    return reply.send();
  }
  return reply.send(handle.createReadStream({ start, end, highWaterMark: 256 * 1024 }));
}
