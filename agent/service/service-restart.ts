import type { ServiceLimits, ServiceManager } from "./service-manager.ts";
import { thisServiceManager } from "./this-service-manager.ts";

/** How an installed product is restarted where no command is configured for it. */
export interface ServiceRestart {
  /**
   * Whether the restart ends this very process. Whoever asks for it has everything noted before, and what is left to do
   * is done by the next start.
   */
  endsUs(): boolean;
  /** @throws InstallError `install/restart-failed`, `install/aborted` */
  run(limits: ServiceLimits): Promise<void>;
}

export function restartOf(service: string, manager: ServiceManager = thisServiceManager()): ServiceRestart {
  return {
    endsUs: () => manager.isOurs(service),
    run: (limits) => manager.restart(service, limits),
  };
}
