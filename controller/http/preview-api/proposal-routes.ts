import type { FastifyInstance } from "fastify";
import { requestUrl } from "../../forge/forge.ts";
import type { ChangeRequest } from "../../propose/change-request.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { logWrite } from "../fleet-api/device-actions.ts";
import { type FleetScope, forWriting } from "../fleet-api/fleet-scope.ts";
import { HttpError } from "../http-error.ts";
import { type Caller, requireAllTenants, requireRole } from "../sign-in.ts";
import type { PreviewDesk } from "./preview-desk.ts";
import { PROPOSAL_BODY, PROPOSED } from "./preview-schemas.ts";
import type { PageChanges, PreviewSide } from "./preview-side.ts";
import { type ProposalBody, readChange } from "./read-change.ts";
import { servedLine } from "./served-line.ts";

/** What the page proposes and git decides: a change of state, looked at first, then made as a commit. */
export function addProposalRoutes(
  app: FastifyInstance,
  scope: FleetScope,
  side: PreviewSide,
  desk: PreviewDesk,
): void {
  const { context, store } = scope;
  const { service, forge, pageChanges } = side;

  app.post<{ Body: ProposalBody }>("/api/v1/proposals", {
    ...forWriting("operator", {
      operationId: "propose",
      summary: "A change of state as a commit: with `dryRun` what it would be and do, then the commit itself",
      description:
        "Made in the name of the asker, where `pageChanges` lets it be: on a branch of its own, or, for an admin, as the next " +
        "commit of the branch that is followed. Only on top of what was looked at. For those who are limited to no tenants.",
      body: PROPOSAL_BODY,
      response: {
        200: { ...PROPOSED, description: "What it would be; nothing is written." },
        201: { ...PROPOSED, description: "The commit that was made." },
        409: ERROR_SCHEMA,
        422: ERROR_SCHEMA,
        429: ERROR_SCHEMA,
      },
    }),
    async handler(request, reply) {
      const caller = scope.callerOf(request);
      requireAllTenants(caller);
      const { dryRun, base, ...body } = request.body;
      const change = readChange(body);
      const line = servedLine(context.state(), context.now());
      if (dryRun === true) {
        const prepared = await desk.ask(caller, () => service.prepare(change, line));
        const lack = lackOf(caller, pageChanges);
        const shown = { ...prepared, moves: prepared.plan?.blast.touched ?? null, pageChanges };
        return { prepared: { ...shown, ...(lack === undefined ? {} : { lack }) } };
      }
      if (base === undefined) {
        throw new HttpError("http/bad-request", "`base` is missing: the commit that was looked at", {
          help: "ask with `dryRun` first, and send its `base`",
        });
      }
      const to = requireChanges(caller, pageChanges);
      const author = caller.actor.name;
      const written = await desk.ask(caller, () => service.write({ change, base, author, to }, line));
      logWrite(scope, caller, `state.${to === "direct" ? "commit" : "propose"}`, `commit ${written.commit}`);
      await store.audit.add({
        at: context.now(),
        actor: caller.actor,
        action: to === "direct" ? "state.commit" : "state.propose",
        subject: `commit ${written.commit}`,
        tenant: null,
        before: { commit: base },
        after: { branch: written.branch, subject: written.subject, change: plain(change) },
      });
      const { into, ...rest } = written;
      const url =
        into === undefined || forge === undefined ? undefined : requestUrl(forge, written.branch, into);
      return reply.code(201).send({ written: { ...rest, ...(url === undefined ? {} : { request: url }) } });
    },
  });
}

/** Why somebody may not write; absent: may. */
function lackOf(caller: Caller, pageChanges: PageChanges): string | undefined {
  try {
    requireChanges(caller, pageChanges);
    return undefined;
  } catch (error) {
    if (error instanceof HttpError) return error.message;
    throw error;
  }
}

/** @throws HttpError `http/page-changes-off`, `http/role-required` */
function requireChanges(caller: Caller, pageChanges: PageChanges): "branch" | "direct" {
  switch (pageChanges) {
    case "off":
      throw new HttpError("http/page-changes-off", "this controller makes no commits for people", {
        help: "use the command, or start it with --page-changes branch",
      });
    case "branch":
      return "branch";
    case "direct":
      requireRole(caller, "admin");
      return "direct";
  }
}

/** As the audit log keeps it. */
function plain(change: ChangeRequest): object {
  return { ...change };
}
