import type { Logger } from "pino";
import type { Overlay } from "../../desired/overlay.ts";
import type { FleetEvent } from "../../fleet/fleet-event.ts";
import { faultOf } from "../../reconcile/fault.ts";
import { RolloutLog } from "../../rollout/log-rollouts.ts";
import { receiveError } from "../sent-error.ts";
import type { FleetListener } from "./fleet-host.ts";
import type { RolloutNews } from "./rollout-news.ts";

/** Who acts on what the thread says. */
export interface FleetFollowers {
  /** Everything that is to be added to policy. */
  readonly onOverlays: (overlays: readonly Overlay[]) => void;
  readonly onEvent: (event: FleetEvent) => void;
}

/** Logs what the fleet's thread says by itself, and hands on what it adds to policy and what is news. */
export class FleetReports implements FleetListener {
  private readonly log: Logger;
  private readonly rollouts: RolloutLog;
  private readonly followers: FleetFollowers;

  constructor(log: Logger, followers: FleetFollowers) {
    this.log = log;
    this.rollouts = new RolloutLog(log);
    this.followers = followers;
  }

  overlays(overlays: readonly Overlay[]): void {
    this.followers.onOverlays(overlays);
  }

  rollout(news: RolloutNews): void {
    const { rollouts } = this;
    switch (news.kind) {
      case "changed":
        rollouts.changed(news.record);
        break;
      case "added":
        rollouts.added(news.overlay);
        break;
      case "ended":
        rollouts.ended(news.overlay, news.why, news.commit);
        break;
      case "failed":
        rollouts.failed(receiveError(news.error), news.promotion);
        break;
      case "recovered":
        rollouts.recovered();
        break;
    }
  }

  events(events: readonly FleetEvent[]): void {
    for (const event of events) this.followers.onEvent(event);
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
