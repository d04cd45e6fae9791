import { readFileSync } from "node:fs";
import { ask, describe, failed, pause, refused, stays, tell, tellToStart } from "./ask-manager.ts";
import type { ServiceLimits, ServiceManager, ServiceState } from "./service-manager.ts";

const ASK_SECONDS = 30;
const SYSTEMCTL = ["systemctl", "--no-ask-password"] as const;

/** Services of systemd, by `systemctl`. */
export class SystemdServices implements ServiceManager {
  async state(service: string): Promise<ServiceState> {
    const argv = [...SYSTEMCTL, "show", "--property=LoadState,ActiveState", "--", unitOf(service)];
    const text = await tell(argv, { seconds: ASK_SECONDS });
    const fields = new Map(text.split("\n").map((line) => [line.split("=", 1)[0], line.split("=")[1]]));
    if (fields.get("LoadState") === "not-found") return "absent";
    switch (fields.get("ActiveState")) {
      case "active":
      case "reloading":
        return "running";
      case "activating":
        return "starting";
      case "deactivating":
        return "stopping";
      default:
        return "stopped";
    }
  }

  async start(service: string, limits: ServiceLimits): Promise<void> {
    await tellToStart([...SYSTEMCTL, "start", "--", unitOf(service)], limits, () => this.state(service));
    await this.requireUp(service, limits);
  }

  async stop(service: string, limits: ServiceLimits): Promise<void> {
    await tell([...SYSTEMCTL, "stop", "--", unitOf(service)], limits);
  }

  /**
   * A part of the service asks without waiting for the answer, and is ended by what it asked for: stopping a unit ends
   * all that is in its control group. systemd itself brings the job to its end.
   */
  async restart(service: string, limits: ServiceLimits): Promise<void> {
    const unit = unitOf(service);
    if (!this.isOurs(service)) {
      await tellToStart([...SYSTEMCTL, "restart", "--", unit], limits, () => this.state(service));
      await this.requireUp(service, limits);
      return;
    }
    await tell([...SYSTEMCTL, "--no-block", "restart", "--", unit], limits);
    await pause(limits.seconds, limits.signal);
    throw refused(`${unit}, which this process is part of, was not restarted`, "this process goes on");
  }

  isOurs(service: string): boolean {
    return ourUnits().has(unitOf(service));
  }

  /** For systemd a simple service is up as soon as its process is there; one that ends straight away is none. */
  private async requireUp(service: string, limits: ServiceLimits): Promise<void> {
    const isUp = async () => {
      const state = await this.state(service);
      return state === "running" || state === "starting";
    };
    if (await stays(isUp, limits)) return;
    const unit = unitOf(service);
    const status = await ask([...SYSTEMCTL, "status", "--lines=20", "--no-pager", "--", unit], {
      seconds: ASK_SECONDS,
    });
    const log = status.kind === "exited" ? status.stdout : describe(status);
    throw failed(`${unit} ended straight after its start`, await this.state(service), log.slice(-4000));
  }
}

function unitOf(service: string): string {
  return /\.(?:service|target|socket|scope|timer)$/.test(service) ? service : `${service}.service`;
}

/** The units that this process is in, from its control group: `0::/system.slice/lantern.service`. */
function ourUnits(): ReadonlySet<string> {
  try {
    const lines = readFileSync("/proc/self/cgroup", "utf8").split("\n");
    return new Set(lines.flatMap((line) => line.split(":").slice(2).join(":").split("/")));
  } catch {
    return new Set();
  }
}
