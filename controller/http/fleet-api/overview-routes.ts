import type { FastifyInstance, FastifyRequest } from "fastify";
import type { PromotionKey } from "../../desired/overlay.ts";
import type { FleetSummary, TenantScope, VersionCount } from "../../fleet/store/fleet-store.ts";
import type { SignatureRecord } from "../../fleet/store/records.ts";
import { isBelow, minimumFor } from "../../overview/below-minimum.ts";
import { type NeedsReport, type Overview, overview } from "../../overview/overview.ts";
import type { StrandedVersion } from "../../overview/overview-input.ts";
import { damagedArtifacts } from "../api/trouble.ts";
import type { ServedManifest } from "../manifest/served-manifest.ts";
import { type FleetScope, forReading } from "./fleet-scope.ts";
import { KeptAnswers } from "./kept-answers.ts";
import { NEEDS, OVERVIEW } from "./overview-schema.ts";
import { signedWays } from "./signed-ways.ts";

/** Seconds between two looks of an agent where policy says nothing. */
const CHECK_INTERVAL = 300;
/** Looks that may be missed before silence means something, and seconds that it takes at least. */
const MISSED_LOOKS = 3;
const QUIET_AFTER = 900;
/** Halted versions of which is told how they fail. */
const MOST_CAUSES = 20;

/** `GET /api/v1/overview`: all that the first view of the page shows, in one answer; `needs`: the first part of it. */
export function addOverviewRoutes(app: FastifyInstance, scope: FleetScope): void {
  const kept = new KeptAnswers<Overview>();
  const look = (request: FastifyRequest): Promise<Overview> => {
    const { tenants } = scope.callerOf(request);
    return kept.of(JSON.stringify(tenants), scope.context.state(), () => lookAt(scope, tenants));
  };
  app.get("/api/v1/overview", {
    ...forReading("viewer", {
      operationId: "showOverview",
      summary: "What needs a person, how each channel stands, and what the fleet runs",
      description:
        "What is counted are the machines that the asker may know of, and channels are those that they follow. Whoever is " +
        "limited to tenants is told nothing of commits, keys and files. It is good for a second, and longer where it took long.",
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
  const interval = checkIntervalOf(serving);
  const fleet = await store.summary.look({
    ...{ tenants, promotions, now },
    quietAfter: Math.max(QUIET_AFTER, MISSED_LOOKS * interval),
    // Machines check in spread over an interval: who disappears with others was last heard of within one.
    together: interval,
  });
  const halted = promotions.filter(({ product, channel }) => isHalted(serving, product, channel));
  const causes = await Promise.all(
    halted.slice(0, MOST_CAUSES).map(({ product, version }) => {
      return store.attempts.signatures({ tenants, product, version }, 1);
    }),
  );
  return overview({
    ...{ now, tenants, fleet },
    serving: serving === undefined ? undefined : { ...serving.manifest, expiries: serving.expiries },
    controller: { ...state, damagedArtifacts: damagedArtifacts(state) },
    stranded: strandedBelow(serving, fleet.versions, now),
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

/** Seconds between two looks of agents: what is said of the fleet holds for all products. */
function checkIntervalOf(serving: ServedManifest | undefined): number {
  const [first] = serving?.manifest.products.values() ?? [];
  const interval = first?.policy.fleet.checkInterval;
  return interval === undefined || interval === 0 ? CHECK_INTERVAL : interval;
}

/** Only of what is below a minimum: from all else `/api/v1/paths` tells. */
function strandedBelow(
  serving: ServedManifest | undefined,
  versions: FleetSummary["versions"],
  now: number,
): StrandedVersion[] {
  if (serving === undefined) return [];
  const below = new Map<string, VersionCount[]>();
  for (const row of versions) {
    const policy = serving.manifest.products.get(row.product)?.policy;
    const minimum = policy === undefined ? undefined : minimumFor(policy, row.channel);
    if (policy === undefined || minimum === undefined || row.version === null) continue;
    if (!isBelow(policy.versionScheme, row.version, minimum)) continue;
    below.set(row.product, [...(below.get(row.product) ?? []), row]);
  }
  return signedWays(serving.manifest, below, now).filter(({ standing }) => standing === "stranded");
}
