export type ServiceState = "running" | "starting" | "stopping" | "stopped" | "absent";

export interface ServiceLimits {
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** Whatever starts and stops services on this machine, as far as an update needs it. */
export interface ServiceManager {
  /** @throws InstallError `install/service-manager-failed` where it cannot be asked */
  state(service: string): Promise<ServiceState>;

  /**
   * Starts it, and sees that it does not end straight away.
   *
   * @throws InstallError `install/restart-failed` where it did not come up, `install/service-manager-failed` where the
   *   manager did not do it, `install/aborted`
   */
  start(service: string, limits: ServiceLimits): Promise<void>;

  /** Stops it, and waits until none of it runs. @throws as `start` */
  stop(service: string, limits: ServiceLimits): Promise<void>;

  /** Both, in one step where the manager has one. @throws as `start` */
  restart(service: string, limits: ServiceLimits): Promise<void>;

  /** Whether this very process is a part of the service, and ends when that is stopped. */
  isOurs(service: string): boolean;
}
