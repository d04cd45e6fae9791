import type { Logger } from "pino";
import type { Overlay } from "../../desired/overlay.ts";
import { faultOf } from "../../reconcile/fault.ts";
import type { FleetListener } from "./fleet-host.ts";

/** Logs what the fleet's thread says by itself, and hands on what it adds to policy. */
export class FleetReports implements FleetListener {
  private readonly log: Logger;
  private readonly onOverlays: (overlays: readonly Overlay[]) => void;

  constructor(log: Logger, onOverlays: (overlays: readonly Overlay[]) => void = () => undefined) {
    this.log = log;
    this.onOverlays = onOverlays;
  }

  overlays(overlays: readonly Overlay[]): void {
    this.onOverlays(overlays);
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
