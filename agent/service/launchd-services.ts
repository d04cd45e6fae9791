import { ask, failed, refused, stays, tell, tellToStart } from "./ask-manager.ts";
import type { ServiceLimits, ServiceManager, ServiceState } from "./service-manager.ts";

const ASK_SECONDS = 30;

/** Daemons of launchd's system domain, by their labels. */
export class LaunchdServices implements ServiceManager {
  async state(service: string): Promise<ServiceState> {
    const result = await ask(["launchctl", "print", target(service)], { seconds: ASK_SECONDS });
    if (result.kind !== "exited") throw refused(`launchctl does not tell of ${service}`, result.kind);
    // 113: it could not find the service.
    if (result.code !== 0) return "absent";
    return /^\s*state = running$/m.test(result.stdout) ? "running" : "stopped";
  }

  async start(service: string, limits: ServiceLimits): Promise<void> {
    await tellToStart(["launchctl", "kickstart", target(service)], limits, () => this.state(service));
    await this.requireUp(service, limits);
  }

  /** launchd starts what is to be kept alive again by itself, unless it is taken out of its domain. */
  async stop(service: string, limits: ServiceLimits): Promise<void> {
    await tell(["launchctl", "kill", "SIGTERM", target(service)], limits);
  }

  async restart(service: string, limits: ServiceLimits): Promise<void> {
    await tellToStart(["launchctl", "kickstart", "-k", target(service)], limits, () => this.state(service));
    await this.requireUp(service, limits);
  }

  /** launchd puts the label of its job into the environment. */
  isOurs(service: string): boolean {
    return process.env.XPC_SERVICE_NAME === service;
  }

  private async requireUp(service: string, limits: ServiceLimits): Promise<void> {
    if (await stays(async () => (await this.state(service)) === "running", limits)) return;
    throw failed(`${service} ended straight after its start`, await this.state(service));
  }
}

function target(service: string): string {
  return `system/${service}`;
}
