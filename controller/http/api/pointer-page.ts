/** `/`: where things are, for whoever opens the address in a browser. */
export const POINTER_PAGE = `Fairlead serves a signed release manifest here.

  /tuf/timestamp.json      the manifest (TUF 1.0); agents start at /tuf/1.root.json
  /targets/...             policy documents and artifacts
  /api/v1/agent/latest     what a device should run: ?product=&platform=&channel=
  /api/v1/status           the commit that is served, and how the last reconcile ended
  /healthz  /readyz        for load balancers
  /metrics                 for Prometheus
  /openapi.json            all of the above, described
`;
