import type { FastifyInstance, FastifyRequest } from "fastify";
import type { PromotionKey } from "../../desired/overlay.ts";
import type { TenantScope } from "../../fleet/store/fleet-store.ts";
import type { SignatureRecord } from "../../fleet/store/records.ts";
import { type NeedsReport, type Overview, overview } from "../../overview/overview.ts";
import { damagedArtifacts } from "../api/trouble.ts";
import type { ServedManifest } from "../manifest/served-manifest.ts";
import { type FleetScope, forReading } from "./fleet-scope.ts";
import { heldSecurity } from "./held-security.ts";
import { KeptAnswers } from "./kept-answers.ts";
import { lookAtFleet } from "./look-at-fleet.ts";
import { NEEDS, OVERVIEW } from "./overview-schema.ts";

/** Halted versions of which is told how they fail. */
const MOST_CAUSES = 20;

/** `GET /api/v1/overview`: all that the first view of the page shows, in one answer; `needs`: the first part of it. */
export function addOverviewRoutes(app: FastifyInstance, scope: FleetScope): void {
  const kept = new KeptAnswers<Overview>();
  const look = (request: FastifyRequest): Promise<Overview> => {
    const { tenants } = scope.callerOf(request);
    const { context } = scope;
    return kept.of(JSON.stringify(tenants), context.state(), context.now(), () => lookAt(scope, tenants));
  };
  app.get("/api/v1/overview", {
    ...forReading("viewer", {
      operationId: "showOverview",
      summary: "What needs a person, how each channel stands, and what the fleet runs",
      description:
        "What is counted are the machines that the asker may know of, and channels are those that they follow. Whoever is " +
        "limited to tenants is told nothing of commits, keys and files. It is good for a second, and up to 15 where it took long.",
      response: { 200: OVERVIEW },
    }),
    handler: look,
  });

  app.get("/api/v1/needs", {
    ...forReading("viewer", {
      operationId: "listNeeds",
      summary: "What needs a person",
      description: "The same as in the overview, for whoever wants nothing else.",
      response: { 200: NEEDS },
    }),
    handler: async (request) => needsOf(await look(request)),
  });
}

/** What of an overview is said of needs alone. */
function needsOf({ products: _, facts: __, ...needs }: Overview): NeedsReport {
  return needs;
}

async function lookAt({ context, store }: FleetScope, tenants: TenantScope): Promise<Overview> {
  const now = context.now();
  const state = context.state();
  const { serving } = state;
  const promotions = promotionsOf(serving);
  const { fleet, stranded } = await lookAtFleet(store.summary, serving, promotions, tenants, now);
  const halted = promotions.filter(({ product, channel }) => isHalted(serving, product, channel));
  const causes = await Promise.all(
    halted.slice(0, MOST_CAUSES).map(({ product, version }) => {
      return store.attempts.signatures({ tenants, product, version }, 1);
    }),
  );
  return overview({
    ...{ now, tenants, fleet },
    heldSecurity: await heldSecurity(store.devices, serving, state, fleet, tenants, now),
    serving: serving === undefined ? undefined : { ...serving.manifest, expiries: serving.expiries },
    controller: { ...state, damagedArtifacts: damagedArtifacts(state) },
    stranded,
    causes: causes.flat() satisfies SignatureRecord[],
  });
}

/** What each channel points to, and since when. */
function promotionsOf(serving: ServedManifest | undefined): (PromotionKey & { readonly at: number })[] {
  return [...(serving?.manifest.products ?? [])].flatMap(([product, { policy }]) =>
    Object.entries(policy.channels).map(([channel, { current }]) => {
      const { version, commit, at } = current;
      return { product, channel, version, commit, at };
    }),
  );
}

function isHalted(serving: ServedManifest | undefined, product: string, channel: string): boolean {
  return serving?.manifest.products.get(product)?.policy.channels[channel]?.halted !== undefined;
}
