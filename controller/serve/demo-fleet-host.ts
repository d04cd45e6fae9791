import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import type {
  DemoFleetInput,
  DemoPlace,
  FromDemoFleet,
  ToDemoFleet,
} from "../../simulated-fleet/demo/messages.ts";
import { makeEnrolmentToken } from "../fleet/enrolment-token.ts";
import type { FleetService } from "../fleet/fleet-service.ts";
import type { ManifestView } from "../http/manifest/served-manifest.ts";

/** The thread's code: TypeScript in a checkout, a bundle beside ours in the package. It is started, and never imported. */
const ENTRIES = ["../../simulated-fleet/demo/demo-fleet-thread.ts", "./demo-fleet-thread.js"] as const;
/** Milliseconds for machines to write down what they remember. */
const STOP_GRACE_MS = 1_000;
/** Seconds in which a machine that was given a token uses it. */
const TOKEN_LIFETIME = 600;

/**
 * Where machines sit in the example state: one after the other, and from the beginning again. Some have labels, so that
 * groups find them.
 */
const SEATS: readonly DemoPlace[] = [
  { tenant: "acme", site: "berlin", labels: { line: "press" } },
  { tenant: "acme", site: "hamburg", labels: { line: "press", ring: "canary" } },
  { tenant: "globex", site: "austin", labels: { line: "till" } },
  { tenant: "acme", site: "hamburg", labels: { line: "press" } },
  { tenant: "globex", site: "osaka", labels: { line: "till" } },
  { tenant: "globex", site: "austin", labels: { line: "till" } },
  { tenant: "acme", site: "berlin", labels: { line: "paint" } },
  { tenant: "acme", site: "hamburg", labels: { line: "paint" } },
  { tenant: "globex", site: "reykjavik", labels: { line: "kiosk" } },
  { tenant: "globex", site: "austin", labels: { line: "kiosk" } },
  { tenant: "acme", site: "hamburg", labels: { line: "paint" } },
  { tenant: "acme", site: "berlin", labels: { line: "press" } },
];

/** Who simulated machines are to the audit log. */
const ACTOR = { name: "--demo-fleet", from: "cli" };

export interface DemoFleetOptions {
  /** How many. */
  readonly machines: number;
  readonly stateFolder: string;
  readonly service: FleetService;
  readonly log: Logger;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** Simulated machines beside a controller on which somebody tries things out, in a thread of their own. */
export class DemoFleetHost {
  private readonly options: DemoFleetOptions;
  private worker: Worker | undefined;

  constructor(options: DemoFleetOptions) {
    this.options = options;
  }

  /** Begins once, with the first manifest that has a product. @param url of the listener of agents */
  begin(url: string, manifest: ManifestView): void {
    const [product] = manifest.products.keys();
    if (this.worker !== undefined || product === undefined) return;
    const { machines, stateFolder } = this.options;
    const seats = seatsIn(manifest);
    const input: DemoFleetInput = { url, product, machines, seats, folder: join(stateFolder, "demo-fleet") };
    const worker = new Worker(entry(), { workerData: input });
    this.worker = worker;
    worker.on("message", (message: FromDemoFleet) => void this.receive(message, seats));
    worker.on("error", (error) => this.warn(`their thread died: ${String(error)}`));
  }

  async stop(): Promise<void> {
    const { worker } = this;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    this.tell({ kind: "stop" });
    const timer = setTimeout(() => worker.terminate(), STOP_GRACE_MS);
    await ended;
    clearTimeout(timer);
  }

  private tell(message: ToDemoFleet): void {
    this.worker?.postMessage(message);
  }

  private async receive(message: FromDemoFleet, seats: readonly DemoPlace[]): Promise<void> {
    switch (message.kind) {
      case "enrol":
        try {
          this.tell({ kind: "tokens", tokens: await this.makeTokens(message.uses, seats) });
        } catch (error) {
          this.warn(`they have no tokens to enrol with: ${String(error)}`);
          this.tell({ kind: "tokens", tokens: [] });
        }
        break;
      case "lives": {
        const { machines, log } = this.options;
        log.info({ event: "demo-fleet.lives", machines }, `${machines} simulated machines report here`);
        break;
      }
      case "trouble":
        this.warn(message.message);
        break;
    }
  }

  private async makeTokens(uses: readonly number[], seats: readonly DemoPlace[]): Promise<string[]> {
    const { service, now } = this.options;
    const tokens: string[] = [];
    for (const [index, { tenant = null, site = null, labels }] of seats.entries()) {
      const { token, id, digest } = makeEnrolmentToken();
      tokens.push(token);
      const usesLeft = uses[index] ?? 0;
      if (usesLeft === 0) continue;
      const createdAt = now();
      const made = { id, tenant, site, labels, createdAt, expiresAt: createdAt + TOKEN_LIFETIME, usesLeft };
      await service.store.tokens.create(made, digest, ACTOR);
    }
    return tokens;
  }

  private warn(text: string): void {
    this.options.log.warn({ event: "demo-fleet.trouble" }, `simulated machines: ${text}`);
  }
}

function entry(): URL {
  const places = ENTRIES.map((place) => new URL(place, import.meta.url));
  const [checkout = new URL(import.meta.url), bundled = checkout] = places;
  return existsSync(fileURLToPath(checkout)) ? checkout : bundled;
}

/** Seats that this state has; else those of one of its tenants; else one that is nobody's. */
function seatsIn({ tenants }: ManifestView): readonly DemoPlace[] {
  const seats = SEATS.filter(({ tenant = "", site = "" }) => {
    const sites = tenants.get(tenant)?.sites;
    return sites !== undefined && Object.hasOwn(sites, site);
  });
  if (seats.length > 0) return seats;
  const tenant = tenants.example;
  if (tenant === undefined) return [{ labels: {} }];
  const sites = Object.keys(tenants.get(tenant)?.sites ?? {});
  return sites.length === 0 ? [{ tenant, labels: {} }] : sites.map((site) => ({ tenant, site, labels: {} }));
}
