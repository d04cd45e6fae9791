import type { FastifyInstance } from "fastify";
import { forgeLinks } from "../../forge/forge.ts";
import type { BranchPlan } from "../../preview/preview-service.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { type FleetScope, forReading } from "../fleet-api/fleet-scope.ts";
import { requireAllTenants } from "../sign-in.ts";
import type { PreviewDesk } from "./preview-desk.ts";
import { BRANCH_LIST, BRANCH_PLAN, PLAN_QUERY, SOURCE } from "./preview-schemas.ts";
import type { PreviewSide } from "./preview-side.ts";
import { servedLine } from "./served-line.ts";

/** Where the state is, its branches, and what each would do to the fleet. */
export function addPlanRoutes(
  app: FastifyInstance,
  scope: FleetScope,
  side: PreviewSide,
  desk: PreviewDesk,
): void {
  const { context } = scope;
  const { service, ref, forge, pageChanges } = side;
  let known: { readonly served: string; readonly root: string } | undefined;
  const rootOf = async (served: string): Promise<string | null> => {
    if (known?.served !== served) {
      // Without it, no more is missing than links to lines.
      const root = await service.rootOf(served).catch(() => undefined);
      known = root === undefined ? undefined : { served, root };
    }
    return known?.root ?? null;
  };

  app.get("/api/v1/source", {
    ...forReading("viewer", {
      operationId: "source",
      summary: "Where the state is, and where its commits and lines can be looked at",
      response: { 200: { description: "The state repository.", ...SOURCE } },
    }),
    async handler() {
      const { served } = servedLine(context.state(), context.now());
      return {
        ...{ ref, served, pageChanges },
        root: served === null || forge === undefined ? null : await rootOf(served),
        forge: forge === undefined ? null : { kind: forge.forge, url: forge.page, links: forgeLinks(forge) },
      };
    },
  });

  app.get("/api/v1/branches", {
    ...forReading("viewer", {
      operationId: "listBranches",
      summary: "The branches of the state repository, by name, at most a thousand",
      description: "For those who are limited to no tenants.",
      response: {
        200: { description: "Branches, as they are there now.", ...BRANCH_LIST },
        429: ERROR_SCHEMA,
      },
    }),
    handler(request) {
      const caller = scope.callerOf(request);
      requireAllTenants(caller);
      return desk.ask(caller, () => service.branches());
    },
  });

  app.get<{ Querystring: { readonly head: string } }>("/api/v1/plan", {
    ...forReading("viewer", {
      operationId: "planBranch",
      summary: "What a branch would do to the fleet, if it were merged into what is served now",
      description:
        "The fleet is counted at most once a minute. A branch with mistakes has diagnostics and no plan. For those who are " +
        "limited to no tenants.",
      querystring: PLAN_QUERY,
      response: {
        200: { description: "The verdict and the plan.", ...BRANCH_PLAN },
        404: ERROR_SCHEMA,
        429: ERROR_SCHEMA,
      },
    }),
    async handler(request) {
      const caller = scope.callerOf(request);
      requireAllTenants(caller);
      const line = servedLine(context.state(), context.now());
      const plan = await desk.ask(caller, () => service.plan(request.query.head, line));
      return { ...plan, verdict: verdictOf(plan) };
    },
  });
}

function verdictOf({ plan, diagnostics }: BranchPlan): "refused" | "warned" | "fine" {
  if (plan === undefined && diagnostics.some(({ severity }) => severity === "error")) return "refused";
  const { warnings = [], expectations = [] } = plan ?? {};
  return diagnostics.length + warnings.length + expectations.length > 0 ? "warned" : "fine";
}
