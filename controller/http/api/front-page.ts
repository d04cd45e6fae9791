import type { Audience } from "../route-context.ts";

const AGENTS = `  /tuf/timestamp.json      the manifest (TUF 1.0); agents start at /tuf/1.root.json
  /targets/...             policy documents and artifacts
  /api/v1/agent/latest     what a device should run: ?product=&platform=&channel=
  /api/v1/check-ins        where agents report, unless the fleet is off
`;

const FLEET = `  /api/v1/agents           who runs what; beside it /rollouts, /attempts, /requests, /paths, ... (with a token)
`;

/** `/`: where things are, for whoever opens the address in a browser. */
export function frontPage({ agents, operators }: Audience, hasFleet: boolean): string {
  const token = operators === "token" ? " (with the operator's token)" : "";
  return `Fairlead ${agents ? "serves a signed release manifest" : "answers its operators"} here.

${agents ? AGENTS : ""}${hasFleet ? FLEET : ""}  /api/v1/status           the commit that is served, and how the last reconcile ended
  /api/v1/accept           POST a held commit to release it (with the operator's token)
  /healthz  /readyz        for load balancers
  /metrics                 for Prometheus${token}
  /openapi.json            all of the above, described${token}
`;
}
