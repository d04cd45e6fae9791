import type { FastifyInstance, FastifyRequest } from "fastify";
import { own } from "../../../protocol/scope.ts";
import type { RolloutRecord } from "../../fleet/store/records.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import type { Caller } from "../sign-in.ts";
import { type FleetScope, forReading, nothingLike } from "./fleet-scope.ts";
import { ROLLOUT_PATH, ROLLOUT_QUERY, ROLLOUT_SERIES_QUERY } from "./input-schemas.ts";
import type { ServedChannel } from "./rollout-next.ts";
import { listedRollouts, rolloutReport } from "./rollout-report.ts";
import { LISTED_ROLLOUT, ROLLOUT_REPORT, ROLLOUT_SERIES } from "./rollout-schemas.ts";
import { rolloutSeries } from "./rollout-series.ts";

interface RolloutParams {
  readonly product: string;
  readonly channel: string;
}

interface RolloutQuery {
  readonly commit?: string;
}

/** How versions spread. */
export function addRolloutRoutes(app: FastifyInstance, scope: FleetScope): void {
  const { store, context } = scope;

  app.get("/api/v1/rollouts", {
    ...forReading("viewer", {
      operationId: "listRollouts",
      summary: "Promotions and how far each has come",
      response: {
        200: {
          description: "What each channel points to, and what it pointed to before as long as that is kept.",
          type: "object",
          required: ["rollouts"],
          properties: { rollouts: { type: "array", items: LISTED_ROLLOUT } },
        },
      },
    }),
    async handler(request) {
      const caller = scope.callerOf(request);
      const rollouts = await store.rollouts.list(caller.tenants);
      const served = (rollout: RolloutRecord) => servedOf(scope, rollout);
      return { rollouts: await listedRollouts(store, caller, rollouts, served, context.now()) };
    },
  });

  app.get<{ Params: RolloutParams; Querystring: RolloutQuery }>("/api/v1/rollouts/:product/:channel", {
    ...forReading("viewer", {
      operationId: "showRollout",
      summary: "How a promotion of a channel stands, what happens next, and what failed machines share",
      description:
        "Of the last promotion, unless `commit` names another one. What is counted and compared are the machines that " +
        "the asker may know of; `state` and `allowed` hold for all.",
      params: ROLLOUT_PATH,
      querystring: ROLLOUT_QUERY,
      response: { 200: ROLLOUT_REPORT, 404: ERROR_SCHEMA },
    }),
    async handler(request) {
      const { caller, rollout } = await findRollout(scope, request);
      return rolloutReport(store, caller, rollout, servedOf(scope, rollout), context.now());
    },
  });

  app.get<{ Params: RolloutParams; Querystring: RolloutQuery & { readonly days?: number } }>(
    "/api/v1/rollouts/:product/:channel/series",
    {
      ...forReading("viewer", {
        operationId: "showRolloutSeries",
        summary: "A rollout over time: who ran which version, what was allowed, what the gate said",
        description:
          "At most 301 points a series; times are the ends of equal spans. The last point is what is counted now. " +
          "Evidence counts machines of all tenants, so it is left out for who may not see them all.",
        params: ROLLOUT_PATH,
        querystring: ROLLOUT_SERIES_QUERY,
        response: { 200: ROLLOUT_SERIES, 404: ERROR_SCHEMA },
      }),
      async handler(request) {
        const { caller, rollout, ofChannel } = await findRollout(scope, request);
        const { serving, holds } = context.state();
        const served = serving?.manifest.products.get(rollout.product);
        const asked = {
          ...{ ofChannel, policy: served?.policy, holds, days: request.query.days ?? DAYS },
          policyOfTenant: (tenant: string) => serving?.manifest.tenants.get(tenant),
          severity: served?.releases.find(({ version }) => version === rollout.version)?.severity ?? "normal",
        };
        return rolloutSeries(store, caller, rollout, asked, context.now());
      },
    },
  );
}

/** How far back adoption goes unless it is asked otherwise. */
const DAYS = 14;

/** @throws HttpError `http/not-found` */
async function findRollout(
  scope: FleetScope,
  request: FastifyRequest<{ Params: RolloutParams; Querystring: RolloutQuery }>,
): Promise<{
  readonly caller: Caller;
  readonly rollout: RolloutRecord;
  readonly ofChannel: readonly RolloutRecord[];
}> {
  const caller = scope.callerOf(request);
  const { product, channel } = request.params;
  const { commit } = request.query;
  const ofChannel = (await scope.store.rollouts.list(caller.tenants)).filter(
    (rollout) => rollout.product === product && rollout.channel === channel,
  );
  const rollout =
    commit === undefined
      ? (ofChannel.find((each) => servedOf(scope, each) !== undefined) ?? latest(ofChannel))
      : latest(ofChannel.filter((each) => each.commit.startsWith(commit)));
  if (rollout === undefined) throw nothingLike("rollout");
  return { caller, rollout, ofChannel };
}

/** What is served of the channel, where it still points to this promotion. */
function servedOf(
  { context }: FleetScope,
  { product, channel: name, version, commit }: RolloutRecord,
): ServedChannel | undefined {
  const manifest = context.state().serving?.manifest;
  const found = manifest?.products.get(product);
  const channel = found === undefined ? undefined : own(found.policy.channels, name);
  if (manifest === undefined || found === undefined || channel === undefined) return undefined;
  if (channel.current.version !== version || channel.current.commit !== commit) return undefined;
  const promoter = context
    .state()
    .promoters.find((each) => each.product === product && each.channel === name && each.commit === commit);
  return {
    ...{ manifest, policy: found.policy, channel },
    findRelease: (of) => found.findRelease(of),
    ...(promoter === undefined ? {} : { author: promoter.author }),
  };
}

function latest(rollouts: readonly RolloutRecord[]): RolloutRecord | undefined {
  const [first] = rollouts.toSorted((a, b) => b.since - a.since);
  return first;
}
