import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { DEVICE_RESULTS, type DeviceResult } from "../../fleet/fleet-service.ts";
import { DEVICE_STATES, type DeviceState } from "../../fleet/store/fleet-store.ts";

export const DEVICE_REQUEST_KINDS = ["enrolment", "check-in", "new-key", "leave"] as const;
export type DeviceRequestKind = (typeof DEVICE_REQUEST_KINDS)[number];

export type DevicesByState = Readonly<Record<DeviceState, number>>;

/** Milliseconds for which a count of all devices is good: several may scrape, and it looks at every row. */
const COUNT_GOOD_MS = 10_000;

/** What is measured of devices: how what they send is answered, and how they are. Labels have a bounded number of values. */
export class DeviceMetrics {
  private readonly registers: Registry[];
  private readonly requests: Counter<"kind" | "result">;
  private readonly seconds: Histogram<"kind">;

  constructor(registers: Registry[]) {
    this.registers = registers;
    this.requests = new Counter({
      name: "fairlead_device_requests_total",
      help: "What devices sent, by how it was answered; below-minimum was answered 426.",
      labelNames: ["kind", "result"],
      registers,
    });
    this.seconds = new Histogram({
      name: "fairlead_device_answer_duration_seconds",
      help: "Time until the thread that knows the fleet has answered; what it acknowledges is on disk by then.",
      labelNames: ["kind"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    for (const kind of DEVICE_REQUEST_KINDS) {
      this.seconds.zero({ kind });
      for (const result of DEVICE_RESULTS) this.requests.inc({ kind, result }, 0);
    }
  }

  record(kind: DeviceRequestKind, result: DeviceResult, seconds: number): void {
    this.requests.inc({ kind, result });
    this.seconds.observe({ kind }, seconds);
  }

  /** @param count asked when scraped, not more often than is good for it */
  watch(count: () => Promise<DevicesByState>): void {
    let last: { readonly at: number; readonly count: Promise<DevicesByState | undefined> } | undefined;
    const recent = (): Promise<DevicesByState | undefined> => {
      if (last === undefined || performance.now() - last.at > COUNT_GOOD_MS) {
        last = { at: performance.now(), count: count().catch(() => undefined) };
      }
      return last.count;
    };
    new Gauge({
      name: "fairlead_devices",
      help: "Enrolled devices by state; refused are those below a minimum version. Absent while it cannot be told.",
      labelNames: ["state"],
      registers: this.registers,
      async collect() {
        this.reset();
        const counted = await recent();
        if (counted === undefined) return;
        for (const state of DEVICE_STATES) this.set({ state }, counted[state]);
      },
    });
  }
}
