import type { FastifyInstance } from "fastify";
import { own } from "../../../protocol/scope.ts";
import type { RolloutRecord } from "../../fleet/store/records.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { type FleetScope, forReading, nothingLike } from "./fleet-scope.ts";
import { ROLLOUT_PATH } from "./input-schemas.ts";
import { ROLLOUT, ROLLOUT_REPORT } from "./record-schemas.ts";
import { rolloutReport, visibleRollout } from "./rollout-report.ts";

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
          properties: { rollouts: { type: "array", items: ROLLOUT } },
        },
      },
    }),
    async handler(request) {
      const caller = scope.callerOf(request);
      const rollouts = await store.rollouts.list(caller.tenants);
      return { rollouts: rollouts.map((rollout) => visibleRollout(caller, rollout)) };
    },
  });

  app.get<{ Params: { readonly product: string; readonly channel: string } }>(
    "/api/v1/rollouts/:product/:channel",
    {
      ...forReading("viewer", {
        operationId: "showRollout",
        summary: "How the last promotion of a channel stands, and what failed machines share",
        description:
          "What is counted and compared are the machines that the asker may know of; `state` and `allowed` hold for all.",
        params: ROLLOUT_PATH,
        response: { 200: ROLLOUT_REPORT, 404: ERROR_SCHEMA },
      }),
      async handler(request) {
        const caller = scope.callerOf(request);
        const { product, channel } = request.params;
        const policy = context.state().serving?.manifest.products.get(product)?.policy;
        const served = policy === undefined ? undefined : own(policy.channels, channel);
        const ofChannel = (await store.rollouts.list(caller.tenants)).filter(
          (rollout) => rollout.product === product && rollout.channel === channel,
        );
        const current = ofChannel.find(
          ({ version, commit }) => version === served?.current.version && commit === served.current.commit,
        );
        const rollout = current ?? latest(ofChannel);
        if (rollout === undefined) throw nothingLike("rollout");
        return rolloutReport(
          store,
          caller,
          rollout,
          current === undefined ? undefined : served,
          context.now(),
        );
      },
    },
  );
}

function latest(rollouts: readonly RolloutRecord[]): RolloutRecord | undefined {
  const [first] = rollouts.toSorted((a, b) => b.since - a.since);
  return first;
}
