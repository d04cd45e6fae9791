import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import { isStale } from "../state/channel-lag.ts";
import type { ServedState } from "./served-state.ts";

const OUTCOMES: readonly ReconcileOutcome["kind"][] = ["published", "refused", "held", "waiting", "stalled"];

/** Counter of the answered requests of one kind. The listener keeps its counters, so that counting needs no lookup. */
export interface RequestCount {
  readonly method: string;
  readonly route: string;
  readonly status: string;
  count: number;
}

/** What Prometheus scrapes at `/metrics`. One registry for each server, so that tests can run several. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly reconciles: Counter<"outcome">;
  private readonly reconcileSeconds: Histogram;
  /** Counted here and handed over when scraped: prom-client hashes the labels at each increment. */
  private readonly requests = new Map<string, RequestCount>();

  /**
   * @param state asked when scraped
   * @param now   seconds since 1970
   */
  constructor(state: () => ServedState, now: () => number) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.reconciles = new Counter({
      name: "fairlead_reconcile_total",
      help: "Reconciles by how they ended.",
      labelNames: ["outcome"],
      registers,
    });
    for (const outcome of OUTCOMES) this.reconciles.inc({ outcome }, 0);
    this.reconcileSeconds = new Histogram({
      name: "fairlead_reconcile_duration_seconds",
      help: "Time from the trigger's turn to the outcome.",
      buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
      registers,
    });
    const requests = this.requests;
    new Counter({
      name: "fairlead_http_requests_total",
      help: "Requests answered.",
      labelNames: ["method", "route", "status"],
      registers,
      collect() {
        this.reset();
        for (const { count, ...labels } of requests.values()) this.inc(labels, count);
      },
    });
    gauges(registers, state, now);
  }

  recordReconcile(outcome: ReconcileOutcome, seconds: number): void {
    this.reconciles.inc({ outcome: outcome.kind });
    this.reconcileSeconds.observe(seconds);
  }

  recordRequest(method: string, route: string, status: number): void {
    this.requestCount(method, route, status).count++;
  }

  requestCount(method: string, route: string, status: number): RequestCount {
    const key = `${status} ${method} ${route}`;
    let counted = this.requests.get(key);
    if (counted === undefined) {
      counted = { method, route, status: String(status), count: 0 };
      this.requests.set(key, counted);
    }
    return counted;
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}

/** Gauges read the state when they are scraped, so they cannot lag behind it. */
function gauges(registers: Registry[], state: () => ServedState, now: () => number): void {
  new Gauge({
    name: "fairlead_manifest_version",
    help: "Version of the timestamp role that is served; 0 before the first manifest.",
    registers,
    collect() {
      this.set(state().serving?.manifest.version ?? 0);
    },
  });
  new Gauge({
    name: "fairlead_manifest_expiry_seconds",
    help: "Seconds until a role of the served manifest expires; negative once it has.",
    labelNames: ["role"],
    registers,
    collect() {
      this.reset();
      for (const [role, expires] of state().serving?.expiries ?? []) this.set({ role }, expires - now());
    },
  });
  new Gauge({
    name: "fairlead_channel_stale",
    help: "1 while newer versions wait for longer than the channel's staleAfter.",
    labelNames: ["product", "channel"],
    registers,
    collect() {
      this.reset();
      const { serving, lags } = state();
      for (const [product, { policy }] of serving?.manifest.products ?? []) {
        for (const channel of Object.keys(policy.channels)) this.set({ product, channel }, 0);
      }
      for (const lag of lags) {
        if (isStale(lag, now())) this.set({ product: lag.product, channel: lag.channel }, 1);
      }
    },
  });
  new Gauge({
    name: "fairlead_source_age_seconds",
    help: "Seconds since the source last answered; a local repository is only asked when it changes. Absent before.",
    registers,
    collect() {
      const { sourceSeenAt } = state();
      if (sourceSeenAt === undefined) this.remove();
      else this.set(now() - sourceSeenAt);
    },
  });
  new Gauge({
    name: "fairlead_degraded",
    help: "1 while the last commit is not what is served.",
    registers,
    collect() {
      const { outcome } = state();
      this.set(outcome !== undefined && outcome.kind !== "published" ? 1 : 0);
    },
  });
}
