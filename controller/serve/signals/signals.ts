import type { Logger } from "pino";
import { PostClient } from "../../call-out/post-json.ts";
import { forgeRequest, judgeForgeAnswer } from "../../commit-status/forge-request.ts";
import { KeptStatuses } from "../../commit-status/kept-statuses.ts";
import { StatusLoop } from "../../commit-status/status-loop.ts";
import { wantedStatuses } from "../../commit-status/wanted-statuses.ts";
import type { FleetService } from "../../fleet/fleet-service.ts";
import type { Metrics } from "../../http/metrics.ts";
import type { StandingRollout } from "../../http/rollout-metrics.ts";
import { countMachines } from "../../notify/count-machines.ts";
import { deliver } from "../../notify/deliver.ts";
import { KeptNotifications } from "../../notify/kept-notifications.ts";
import { Notifier } from "../../notify/notifier.ts";
import type { CurrentState } from "../current-state.ts";
import type { SignalSettings } from "./signal-settings.ts";

export interface SignalParts {
  readonly settings: SignalSettings;
  readonly stateFolder: string;
  /** Of the page: `https://releases.acme.example`. */
  readonly origin: string | undefined;
  /** PEM file of authorities that count beside the system's. */
  readonly authorities: string | undefined;
  readonly current: CurrentState;
  /** Absent: the fleet is off. */
  readonly fleet: FleetService | undefined;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** Word to people: notifications and commit statuses, from what the controller shows. Nothing waits for either. */
export class Signals {
  private readonly web: PostClient;
  private readonly notifier: Notifier | undefined;
  private readonly statuses: StatusLoop | undefined;
  private standing: readonly StandingRollout[] | undefined;

  constructor(parts: SignalParts) {
    this.web = new PostClient(parts.authorities);
    this.notifier = parts.settings.receivers.length === 0 ? undefined : this.openNotifier(parts);
    this.statuses = this.openStatuses(parts);
  }

  /** Begins to tell. */
  start(): void {
    this.notifier?.start();
    this.statuses?.changed();
  }

  /** Something has changed of what the controller shows. */
  readonly changed = (): void => {
    this.notifier?.changed();
    this.statuses?.changed();
  };

  /** How the rollouts stand. */
  rollouts(standing: readonly StandingRollout[]): void {
    this.standing = standing;
    this.changed();
  }

  async stop(): Promise<void> {
    await Promise.all([this.notifier?.stop(), this.statuses?.stop()]);
    this.web.close();
  }

  private openNotifier(parts: SignalParts): Notifier {
    const { settings, stateFolder, origin, authorities, current, fleet, metrics, log, now } = parts;
    const startedAt = now();
    const notifier = new Notifier({
      receivers: settings.receivers,
      kept: new KeptNotifications(stateFolder),
      observe: () => ({ served: current.value, standing: this.standing, startedAt, now: now() }),
      ...(fleet === undefined
        ? {}
        : {
            countMachines: (tenants) =>
              countMachines(fleet.store.devices, current.value.serving, tenants, now()),
          }),
      deliver: (receiver, message, stop) => {
        const delivery = { web: this.web, authorities, source: origin ?? "urn:fairlead" };
        return deliver(receiver, message, delivery, now(), stop);
      },
      origin,
      count: (receiver, result, news) => metrics.signals.notified(receiver, result, news),
      ...{ log, now, random: Math.random },
    });
    metrics.signals.watchReceivers(
      settings.receivers.map(({ name }) => name),
      () => notifier.waiting(),
    );
    return notifier;
  }

  private openStatuses(parts: SignalParts): StatusLoop | undefined {
    const { settings, stateFolder, origin, current, metrics, log, now } = parts;
    const { commitStatus } = settings;
    if (commitStatus === undefined) return undefined;
    return new StatusLoop({
      kept: new KeptStatuses(stateFolder),
      wanted: () => wantedStatuses(current.value, this.standing, origin),
      standing: () => this.standing,
      set: async (status, stop) => {
        const answer = await this.web.post(forgeRequest(commitStatus, status), stop);
        return judgeForgeAnswer(commitStatus, answer, now());
      },
      count: (result) => metrics.signals.statusSet(result),
      ...{ log, now, random: Math.random },
    });
  }
}
