import type { FastifyInstance } from "fastify";
import { readWhere } from "../../../protocol/trail.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { explainedDevice } from "../fleet-api/explained-device.ts";
import { type FleetScope, forReading } from "../fleet-api/fleet-scope.ts";
import { DEVICE_PATH, EXPLAIN_QUERY } from "../fleet-api/input-schemas.ts";
import type { Caller } from "../sign-in.ts";
import { KeptLines } from "./kept-lines.ts";
import type { PreviewDesk } from "./preview-desk.ts";
import { TRAIL_LINES } from "./preview-schemas.ts";
import type { PreviewSide } from "./preview-side.ts";
import { isCommitId } from "./served-line.ts";

/** Places of one trail that are looked up; a decision names a dozen. */
const MOST_PLACES = 64;

/**
 * At which lines of the served commit the trail of a device's decision stands. It is asked apart from the decision, which
 * does not wait for git; which files are read is what the decision says, and nothing that is asked.
 */
export function addTrailRoutes(
  app: FastifyInstance,
  scope: FleetScope,
  { service }: PreviewSide,
  desk: PreviewDesk,
): void {
  const kept = new KeptLines(service);

  app.get<{ Params: { readonly id: string }; Querystring: { readonly product?: string } }>(
    "/api/v1/agents/:id/explain/lines",
    {
      ...forReading("viewer", {
        operationId: "explainAgentLines",
        summary: "At which lines of the state's files the trail of a machine's decision stands",
        description:
          "Of the commit that is served. Who is limited to tenants is told lines of their own files alone: in those of the " +
          "fleet and of products the lines move with what is said of others.",
        params: DEVICE_PATH,
        querystring: EXPLAIN_QUERY,
        response: { 200: TRAIL_LINES, 404: ERROR_SCHEMA, 429: ERROR_SCHEMA },
      }),
      async handler(request) {
        const caller = scope.callerOf(request);
        const { product } = request.query;
        const { device, commit, decision } = await explainedDevice(scope, caller, request.params.id, product);
        // What lies in a work tree is no commit.
        if (!isCommitId(commit)) return { commit, lines: [] };
        const named = new Set(
          decision.trail.map(({ where }) => where).filter((where) => where !== undefined),
        );
        const places = [...named].filter((where) => mayKnowLine(caller, where)).slice(0, MOST_PLACES);
        const asked = places.map((where) => ({ where, platform: device.platform }));
        const lines = await desk.ask(caller, () => kept.of(commit, asked));
        return {
          commit,
          lines: places.flatMap((where, index) => {
            const line = lines[index] ?? null;
            return line === null ? [] : [{ where, line }];
          }),
        };
      },
    },
  );
}

/** Channels list the canaries of all tenants, and a line says how many others stand above it. */
function mayKnowLine({ tenants }: Caller, where: string): boolean {
  const { file } = readWhere(where);
  return tenants === null || tenants.some((tenant) => file === `tenants/${tenant}.yaml`);
}
