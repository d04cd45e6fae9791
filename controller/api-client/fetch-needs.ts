import type { NeedsReport } from "../overview/overview.ts";
import type { ApiClient } from "./api-client.ts";
import { ApiError } from "./api-error.ts";

/** Answers of controllers that do not say: without a fleet, before this was there, or to whoever shows no token. */
const UNTOLD: readonly string[] = ["api/not-found", "api/wrong-token", "api/refused"];

/**
 * What needs a person, in the words of the controller.
 *
 * @returns `undefined`: it does not tell
 * @throws ApiError
 */
export async function fetchNeeds(client: ApiClient): Promise<NeedsReport | undefined> {
  try {
    return await client.get("/api/v1/needs", {}, isNeedsReport);
  } catch (error) {
    if (error instanceof ApiError && UNTOLD.includes(error.code)) return undefined;
    throw error;
  }
}

function isNeedsReport(value: object): value is NeedsReport {
  return (
    "heading" in value && typeof value.heading === "string" && "needs" in value && Array.isArray(value.needs)
  );
}
