import type { FastifyInstance } from "fastify";
import type { FleetStore } from "../../fleet/store/fleet-store.ts";
import { addHistoryRoutes } from "../preview-api/history-routes.ts";
import { addPlanRoutes } from "../preview-api/plan-routes.ts";
import { PreviewDesk } from "../preview-api/preview-desk.ts";
import { addProposalRoutes } from "../preview-api/proposal-routes.ts";
import { addTrailRoutes } from "../preview-api/trail-routes.ts";
import type { RouteContext } from "../route-context.ts";
import { addAuditRoutes } from "./audit-routes.ts";
import { addBulkRoutes } from "./bulk-routes.ts";
import { addDeviceActions } from "./device-actions.ts";
import { addDeviceRoutes } from "./device-routes.ts";
import { FleetScope } from "./fleet-scope.ts";
import { addInventoryRoute } from "./inventory-route.ts";
import { addOverlayRoute } from "./overlay-route.ts";
import { addOverviewRoutes } from "./overview-routes.ts";
import { addPathsRoute } from "./paths-route.ts";
import { addPeopleRoutes } from "./people-routes.ts";
import { addReportRoutes } from "./report-routes.ts";
import { addRequestRoutes } from "./request-routes.ts";
import { addRolloutRoutes } from "./rollout-routes.ts";
import { addTokenRoutes } from "./token-routes.ts";

/** What people and scripts ask of the fleet. Nothing that is answered tells a caller of tenants that are not theirs. */
export async function addFleetRoutes(
  app: FastifyInstance,
  context: RouteContext,
  store: FleetStore,
): Promise<void> {
  await app.register(async (routes) => {
    const scope = new FleetScope(context, store);
    scope.guard(routes);
    addDeviceRoutes(routes, scope);
    addDeviceActions(routes, scope);
    addBulkRoutes(routes, scope);
    addRequestRoutes(routes, scope);
    addOverviewRoutes(routes, scope);
    addRolloutRoutes(routes, scope);
    addReportRoutes(routes, scope);
    addAuditRoutes(routes, scope);
    addPeopleRoutes(routes, scope);
    addTokenRoutes(routes, scope);
    addInventoryRoute(routes, scope);
    addPathsRoute(routes, scope);
    addOverlayRoute(routes, scope);
    const { preview } = context;
    if (preview !== undefined) {
      const desk = new PreviewDesk();
      addHistoryRoutes(routes, scope, preview, desk);
      addPlanRoutes(routes, scope, preview, desk);
      addProposalRoutes(routes, scope, preview, desk);
      addTrailRoutes(routes, scope, preview, desk);
    }
  });
}
