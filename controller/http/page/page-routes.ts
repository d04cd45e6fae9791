import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { HttpError } from "../http-error.ts";
import { answerFor, type PreparedFile } from "../manifest/prepared-file.ts";
import type { PreparedPage } from "./page.ts";
import { DOCUMENT_HEADERS, PART_HEADERS } from "./security-headers.ts";
import { wantsDocument } from "./wants-document.ts";

/**
 * Addresses that the page answers to, besides `/`. It finds out by itself what each shows, so that a link to it can be
 * kept and sent on.
 */
const VIEWS = [
  "/rollouts",
  "/rollouts/:product/:channel",
  "/fleet",
  "/devices/:id",
  "/history",
  "/history/:commit",
  "/plan",
] as const;

/**
 * The page for people. What is no browser is answered as if it was not there.
 *
 * @param frontPage `/` for whoever is no browser, and where there is no page
 */
export function addPageRoutes(
  app: FastifyInstance,
  page: PreparedPage,
  frontPage: string,
  nothingHere: () => HttpError,
): void {
  const sendDocument = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const sent = await page();
    if (sent === undefined) return sendText(reply, `${frontPage}\n${NO_PAGE}`);
    // The same address is a text for whoever asks for none.
    send(request, reply, sent.document, { ...DOCUMENT_HEADERS, vary: "Accept, Accept-Encoding" });
    return reply;
  };

  app.get("/", { schema: { hide: true } }, (request, reply) =>
    wantsDocument(request.headers.accept) ? sendDocument(request, reply) : sendText(reply, frontPage),
  );
  for (const view of VIEWS) {
    app.get(view, { schema: { hide: true } }, (request, reply) => {
      if (!wantsDocument(request.headers.accept)) throw nothingHere();
      return sendDocument(request, reply);
    });
  }
  app.get<{ Params: { readonly name: string } }>(
    "/page/:name",
    { schema: { hide: true } },
    async (request, reply) => {
      const part = (await page())?.parts.get(request.params.name);
      if (part === undefined) throw nothingHere();
      return send(request, reply, part, PART_HEADERS);
    },
  );
}

const NO_PAGE = "The page for browsers is missing: the controller's log says why.\n";

function sendText(reply: FastifyReply, text: string): FastifyReply {
  return reply.header("vary", "Accept").type("text/plain; charset=utf-8").send(text);
}

function send(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  file: PreparedFile,
  more: Readonly<Record<string, string>>,
): FastifyReply {
  const answer = answerFor(file, headers["accept-encoding"], headers["if-none-match"]);
  return reply
    .code(answer.status)
    .headers({ ...answer.headers, ...more })
    .send(answer.body);
}
