import type { StatusReport } from "../http/api/status-report.ts";
import type { ApiClient } from "./api-client.ts";

/** Asks a controller how it is. @throws ApiError */
export function fetchStatus(client: ApiClient): Promise<StatusReport> {
  return client.get("/api/v1/status", {}, isStatusReport);
}

function isStatusReport(value: object): value is StatusReport {
  return "ready" in value && "degraded" in value;
}
