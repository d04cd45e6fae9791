import { parseDuration } from "../../protocol/duration.ts";
import type { CheckState } from "../../schemas/state.generated.ts";
import type { FleetModel } from "../state/fleet-model.ts";

/** A question about the running version. Placeholders in it are not filled in yet. */
export type GateCheck = PrometheusCheck | HttpCheck;

interface CheckBase {
  readonly name: string;
  /** Seconds for which it must have failed without a break. */
  readonly window: number;
}

export interface PrometheusCheck extends CheckBase {
  readonly kind: "prometheus";
  /** Absent: the server that the controller is set to. */
  readonly url?: string;
  readonly query: string;
  /** Within what the number passes, both ends included. */
  readonly min?: number;
  readonly max?: number;
}

export interface HttpCheck extends CheckBase {
  readonly kind: "http";
  readonly url: string;
  /** Absent: 200 to 299. */
  readonly status?: number;
}

/** The checks of each channel that has any, by `product/channel`. Plain data: it crosses between threads. */
export type GateChecks = Readonly<Record<string, readonly GateCheck[]>>;

const DEFAULT_WINDOW = "5m";

/**
 * What state asks of running versions. It is no part of policy, which everybody can read who can read the manifest, and of
 * which no agent has a use for it.
 */
export function gateChecksOf({ products }: FleetModel): GateChecks {
  const checks: Record<string, readonly GateCheck[]> = {};
  for (const { name, channels } of products.values()) {
    for (const [channel, { value }] of channels) {
      const asked = value.rollout?.gate?.checks?.flatMap(gateCheck) ?? [];
      if (asked.length > 0) checks[`${name}/${channel}`] = asked;
    }
  }
  return checks;
}

/** A rule refuses a check that asks neither or both. */
function gateCheck({ name, prometheus, http, window = DEFAULT_WINDOW }: CheckState): GateCheck[] {
  const base = { name, window: parseDuration(window) };
  if (prometheus !== undefined) {
    const { url, query, threshold } = prometheus;
    return [{ ...base, kind: "prometheus", query, ...(url === undefined ? {} : { url }), ...threshold }];
  }
  return http === undefined ? [] : [{ ...base, kind: "http", ...http }];
}
