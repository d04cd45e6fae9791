import { Counter, Gauge, type Registry } from "prom-client";

const NOTIFICATION_RESULTS = ["delivered", "failed", "given-up", "dropped"] as const;
const STATUS_RESULTS = ["set", "failed", "given-up"] as const;

/** How word to people gets through: one that is told nothing cannot say so himself. */
export class SignalMetrics {
  private readonly registers: Registry[];
  private readonly notifications: Counter<"receiver" | "result">;
  private readonly statuses: Counter<"result">;

  constructor(registers: Registry[]) {
    this.registers = registers;
    this.notifications = new Counter({
      name: "fairlead_notifications_total",
      help: "News for receivers by what came of them; failed ones are tried again for a day, given-up and dropped ones not.",
      labelNames: ["receiver", "result"],
      registers,
    });
    this.statuses = new Counter({
      name: "fairlead_commit_statuses_total",
      help: "Commit statuses at the forge by what came of setting them.",
      labelNames: ["result"],
      registers,
    });
    for (const result of STATUS_RESULTS) this.statuses.inc({ result }, 0);
  }

  notified(receiver: string, result: (typeof NOTIFICATION_RESULTS)[number], news: number): void {
    this.notifications.inc({ receiver, result }, news);
  }

  statusSet(result: (typeof STATUS_RESULTS)[number]): void {
    this.statuses.inc({ result });
  }

  /** @param waiting news by receiver, asked when scraped */
  watchReceivers(receivers: readonly string[], waiting: () => ReadonlyMap<string, number>): void {
    for (const receiver of receivers) {
      for (const result of NOTIFICATION_RESULTS) this.notifications.inc({ receiver, result }, 0);
    }
    new Gauge({
      name: "fairlead_notifications_waiting",
      help: "News that a receiver has not been told yet.",
      labelNames: ["receiver"],
      registers: this.registers,
      collect() {
        this.reset();
        for (const [receiver, count] of waiting()) this.set({ receiver }, count);
      },
    });
  }
}
