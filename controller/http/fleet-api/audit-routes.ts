import type { FastifyInstance } from "fastify";
import { type FleetScope, forReading } from "./fleet-scope.ts";
import { type PageQuery, pagedQueryOf, pageOf } from "./input-schemas.ts";
import { AUDIT_ENTRY } from "./record-schemas.ts";

/** Who has changed what. */
export function addAuditRoutes(app: FastifyInstance, scope: FleetScope): void {
  app.get<{ Querystring: PageQuery }>("/api/v1/audit", {
    ...forReading("operator", {
      operationId: "listAudit",
      summary: "Every change by a person, newest first",
      description: "To follow it, ask again until an entry comes whose `id` is known.",
      querystring: pagedQueryOf({}),
      response: { 200: pageOf("entries", AUDIT_ENTRY, "Entries of the audit log.") },
    }),
    async handler(request) {
      const { tenants } = scope.callerOf(request);
      const page = await scope.store.audit.list(tenants, scope.pageOf("audit", request.query));
      const entries = page.rows.map(({ sequence, ...entry }) => ({
        id: scope.keys.nameOf("audit", sequence),
        // Its gaps would count what others do.
        ...(tenants === null ? { sequence } : {}),
        ...entry,
      }));
      return { entries, ...scope.nextOf("audit", page) };
    },
  });
}
