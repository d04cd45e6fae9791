import type { FastifyInstance } from "fastify";
import { requireServing } from "../route-context.ts";
import { type FleetScope, forReading } from "./fleet-scope.ts";
import { PATHS } from "./record-schemas.ts";
import { type SignedWay, signedWays } from "./signed-ways.ts";

/** What `fairlead paths` prints. */
export interface PathsReport {
  /** Of the manifest that is served. */
  readonly commit: string;
  readonly devices: number;
  /** Versions without a way; one for each platform, format and channel. */
  readonly stranded: number;
  readonly strandedDevices: number;
  readonly ways: readonly SignedWay[];
}

/** `GET /api/v1/paths`: that no version which machines report is stranded, or which ones are. */
export function addPathsRoute(app: FastifyInstance, scope: FleetScope): void {
  app.get("/api/v1/paths", {
    ...forReading("viewer", {
      operationId: "listPaths",
      summary: "Whether a signed way leads from each version that machines run to what their channel offers",
      description:
        "Only the way counts: pauses, waves, windows and what releases require of a machine are left out. Versions that " +
        "are stranded come first.",
      response: { 200: PATHS },
    }),
    async handler(request): Promise<PathsReport> {
      const { tenants } = scope.callerOf(request);
      const { manifest } = requireServing(scope.context);
      const now = scope.context.now();
      const { devices } = scope.store;
      const counted = await Promise.all(
        [...manifest.products.keys()].map(
          async (product) => [product, await devices.versions(product, tenants, now)] as const,
        ),
      );
      const ways = signedWays(manifest, new Map(counted), now);
      const stranded = ways.filter(({ standing }) => standing === "stranded");
      return {
        commit: manifest.commit,
        devices: sumOf(ways),
        stranded: stranded.length,
        strandedDevices: sumOf(stranded),
        ways: ways.toSorted((a, b) => rank(a) - rank(b) || b.devices - a.devices),
      };
    },
  });
}

function rank({ standing }: SignedWay): number {
  return standing === "stranded" ? 0 : 1;
}

function sumOf(ways: readonly SignedWay[]): number {
  return ways.reduce((sum, { devices }) => sum + devices, 0);
}
