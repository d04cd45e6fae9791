import type { Logger } from "pino";
import type { Overlay } from "../../desired/overlay.ts";
import type { FleetEvent } from "../../fleet/fleet-event.ts";
import type { StandingRollout } from "../../http/rollout-metrics.ts";
import { faultOf } from "../../reconcile/fault.ts";
import type { LogLevel } from "../../rollout/log-rollouts.ts";
import type { FleetListener } from "./fleet-host.ts";

/** Who else is told. */
export interface ToldOfFleet {
  readonly onOverlays: (overlays: readonly Overlay[]) => void;
  readonly onEvent: (event: FleetEvent) => void;
  readonly onStanding: (records: readonly StandingRollout[]) => void;
}

/** Logs what the fleet's thread says by itself, and hands on what it adds to policy and what is news. */
export class FleetReports implements FleetListener {
  private readonly log: Logger;
  private readonly told: ToldOfFleet;

  constructor(log: Logger, told: ToldOfFleet) {
    this.log = log;
    this.told = told;
  }

  overlays(overlays: readonly Overlay[]): void {
    this.told.onOverlays(overlays);
  }

  events(events: readonly FleetEvent[]): void {
    for (const event of events) this.told.onEvent(event);
  }

  standing(records: readonly StandingRollout[]): void {
    this.told.onStanding(records);
  }

  line(level: LogLevel, fields: Readonly<Record<string, unknown>>, text: string): void {
    this.log[level](fields, text);
  }

  warning(event: string, message: string): void {
    this.log.warn({ event }, message);
  }

  died(error: Error): void {
    const { cause } = faultOf(error);
    const stack = error.cause instanceof Error ? error.cause.stack : error.stack;
    this.log.error({ event: "fleet.died", ...cause, stack }, error.message);
  }

  recovered(): void {
    this.log.info({ event: "fleet.recovered" }, "the thread that knows the fleet works again");
  }
}
