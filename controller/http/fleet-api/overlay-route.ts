import type { FastifyInstance } from "fastify";
import { overlaysOf } from "../../desired/apply-overlays.ts";
import { requireServing } from "../route-context.ts";
import { type FleetScope, forReading } from "./fleet-scope.ts";
import { withPlainHalts } from "./plain-halts.ts";
import { OVERLAY } from "./record-schemas.ts";

/** `GET /api/v1/overlays`: what the served manifest says that git does not. */
export function addOverlayRoute(app: FastifyInstance, scope: FleetScope): void {
  app.get("/api/v1/overlays", {
    ...forReading("viewer", {
      operationId: "listOverlays",
      summary:
        "What the controller has added to policy by itself: halts by a gate, and waves that health has opened",
      response: {
        200: {
          description: "As the manifest that is served has them.",
          type: "object",
          required: ["commit", "overlays"],
          properties: { commit: { type: "string" }, overlays: { type: "array", items: OVERLAY } },
        },
      },
    }),
    handler: async (request) => {
      const { tenants } = scope.callerOf(request);
      const { manifest } = requireServing(scope.context);
      const policies = [...manifest.products.values()].map(({ policy }) => policy);
      const overlays = overlaysOf(tenants === null ? policies : policies.map(withPlainHalts));
      return { commit: manifest.commit, overlays };
    },
  });
}
