import type { IncomingMessage, Server } from "node:http";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { StandingProposal } from "../desired/proposal.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import { isStale } from "../state/channel-lag.ts";
import { countMistakes, damagedArtifacts, troubleOf } from "./api/trouble.ts";
import type { CountedResponse } from "./counted-response.ts";
import { AdoptionMetrics } from "./fleet/adoption-metrics.ts";
import { DeviceMetrics } from "./fleet/device-metrics.ts";
import { LatencyHistogram } from "./latency-histogram.ts";
import { RolloutMetrics } from "./rollout-metrics.ts";
import type { ServedState } from "./served-state.ts";
import { SignalMetrics } from "./signal-metrics.ts";

const LAST_OUTCOMES: readonly ReconcileOutcome["kind"][] = [
  "published",
  "refused",
  "held",
  "waiting",
  "stalled",
];

/** `unchanged`: a look that found what is served already. */
const OUTCOMES: readonly (ReconcileOutcome["kind"] | "unchanged")[] = [...LAST_OUTCOMES, "unchanged"];

/** Counter of the answered requests of one kind. */
interface RequestCount {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  count: number;
}

/** What Prometheus scrapes at `/metrics`. One registry for each server, so that tests can run several. */
export class Metrics {
  readonly devices: DeviceMetrics;
  readonly adoption: AdoptionMetrics;
  readonly rollouts: RolloutMetrics;
  readonly signals: SignalMetrics;
  private readonly registry = new Registry();
  private readonly reconciles: Counter<"outcome">;
  private readonly reconcileSeconds: Histogram<"outcome">;
  private readonly requestSeconds = new LatencyHistogram(
    "fairlead_http_request_duration_seconds",
    "Time from the headers of a request to the last byte of its answer.",
  );
  private readonly drops: Counter;
  private readonly servers: Server[] = [];
  /** Counted here and handed over when scraped: prom-client hashes the labels at each increment. */
  private readonly requests = new Map<string, RequestCount>();
  private lastRequest: RequestCount | undefined;

  /**
   * @param state   asked when scraped
   * @param now     seconds since 1970
   * @param version of the program
   */
  constructor(state: () => ServedState, now: () => number, version: string) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.devices = new DeviceMetrics(registers);
    this.adoption = new AdoptionMetrics(registers);
    this.rollouts = new RolloutMetrics(registers);
    this.signals = new SignalMetrics(registers);
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
      labelNames: ["outcome"],
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
        for (const { method, route, status, count } of requests.values()) {
          this.inc({ method, route, status: String(status) }, count);
        }
      },
    });
    this.drops = new Counter({
      name: "fairlead_http_connections_dropped_total",
      help: "Connections that were closed as they came, because there were too many.",
      registers,
    });
    const servers = this.servers;
    new Gauge({
      name: "fairlead_http_connections",
      help: "Open connections of all listeners.",
      registers,
      async collect() {
        const counts = await Promise.all(servers.map(connectionsOf));
        this.set(counts.reduce((sum, count) => sum + count, 0));
      },
    });
    new Gauge({
      name: "fairlead_build_info",
      help: "Always 1; the labels say what runs.",
      labelNames: ["version", "node"],
      registers,
    }).set({ version, node: process.versions.node }, 1);
    gauges(registers, state, now);
  }

  /** @param isNew whether it made another manifest than was served before */
  recordReconcile({ kind }: Pick<ReconcileOutcome, "kind">, isNew: boolean, seconds: number): void {
    const outcome = kind === "published" && !isNew ? "unchanged" : kind;
    this.reconciles.inc({ outcome });
    this.reconcileSeconds.observe({ outcome }, seconds);
  }

  /** One whose client left before its answer began is not counted. */
  recordAnswer({ method = "none" }: IncomingMessage, response: CountedResponse): void {
    if (!response.headersSent) return;
    const { route, statusCode, startedAt } = response;
    this.recordRequest(method, route, statusCode);
    this.requestSeconds.observe(route, (performance.now() - startedAt) / 1000);
  }

  recordRequest(method: string, route: string, status: number): void {
    this.requestCount(method, route, status).count++;
  }

  recordDrop(): void {
    this.drops.inc();
  }

  countConnections(server: Server): void {
    this.servers.push(server);
  }

  private requestCount(method: string, route: string, status: number): RequestCount {
    const { lastRequest } = this;
    // Nearly all requests are polls that find nothing new.
    if (lastRequest?.status === status && lastRequest.route === route && lastRequest.method === method) {
      return lastRequest;
    }
    const key = `${status} ${method} ${route}`;
    let counted = this.requests.get(key);
    if (counted === undefined) {
      counted = { method, route, status, count: 0 };
      this.requests.set(key, counted);
    }
    this.lastRequest = counted;
    return counted;
  }

  /** @param open how many agents hold a stream open */
  watchStreams(open: () => number): void {
    new Gauge({
      name: "fairlead_look_streams",
      help: "Agents that are connected, and told at once when to look.",
      registers: [this.registry],
      collect() {
        this.set(open());
      },
    });
  }

  /** @param freeBytes asked when scraped; of the file system that holds the state folder */
  watchFreeSpace(freeBytes: () => Promise<number>): void {
    new Gauge({
      name: "fairlead_state_folder_free_bytes",
      help: "Space left for this user where the state folder is. NaN where it cannot be told.",
      registers: [this.registry],
      async collect() {
        this.set(await freeBytes().catch(() => Number.NaN));
      },
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  async text(): Promise<string> {
    return `${await this.registry.metrics()}\n${this.requestSeconds.text()}`;
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
    name: "fairlead_channel_halted",
    help: "1 while what the channel points to is halted, by its gate or by a commit.",
    labelNames: ["product", "channel"],
    registers,
    collect() {
      this.reset();
      for (const [product, { policy }] of state().serving?.manifest.products ?? []) {
        for (const [channel, { halted }] of Object.entries(policy.channels)) {
          this.set({ product, channel }, halted === undefined ? 0 : 1);
        }
      }
    },
  });
  new Gauge({
    name: "fairlead_commit_mistakes",
    help: "Mistakes that the newest commit is refused for; 0 where it is not.",
    registers,
    collect() {
      this.set(countMistakes(state().outcome) ?? 0);
    },
  });
  new Gauge({
    name: "fairlead_commit_warnings",
    help: "Warnings of the commit that is served, without those that somebody has acknowledged.",
    registers,
    collect() {
      const { outcome } = state();
      this.set(outcome?.kind === "published" ? outcome.diagnostics.length + (outcome.omitted ?? 0) : 0);
    },
  });
  new Gauge({
    name: "fairlead_pins_expired",
    help: "Pins in the served commit that have expired and hold nothing any more.",
    registers,
    collect() {
      const { outcome } = state();
      const warnings = outcome?.kind === "published" ? outcome.diagnostics : [];
      this.set(warnings.filter(({ rule }) => rule === "tenant/expired-pin").length);
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
    name: "fairlead_outcome",
    help: "1 for how the last look at the source ended, 0 for the others; all 0 before the first.",
    labelNames: ["outcome"],
    registers,
    collect() {
      const last = state().outcome?.kind;
      for (const outcome of LAST_OUTCOMES) this.set({ outcome }, outcome === last ? 1 : 0);
    },
  });
  new Gauge({
    name: "fairlead_clock_seconds",
    help: "This machine's clock, in seconds since 1970: signatures are dated by it.",
    registers,
    collect() {
      this.set(now());
    },
  });
  new Gauge({
    name: "fairlead_degraded",
    help: "1 while something needs a look; the status says what.",
    registers,
    collect() {
      this.set(troubleOf(state(), now()) === undefined ? 0 : 1);
    },
  });
  new Gauge({
    name: "fairlead_proposals",
    help: "What the controller proposes to git and nobody has merged, by kind and by whether the branch is there.",
    labelNames: ["kind", "state"],
    registers,
    collect() {
      this.reset();
      for (const kind of ["halt", "promotion"] as const) {
        for (const one of ["open", "found", "failed"] as const) {
          const isSuch = (proposal: StandingProposal) => proposal.kind === kind && proposal.state === one;
          this.set({ kind, state: one }, state().proposals.filter(isSuch).length);
        }
      }
    },
  });
  new Gauge({
    name: "fairlead_artifacts_damaged",
    help: "Hosted files that are not what was signed, as far as they were asked for.",
    registers,
    collect() {
      this.set(damagedArtifacts(state()).length);
    },
  });
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((error, count) => resolve(error === null ? count : 0));
  });
}
