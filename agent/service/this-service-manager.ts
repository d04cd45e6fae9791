import { LaunchdServices } from "./launchd-services.ts";
import type { ServiceManager } from "./service-manager.ts";
import { ServicesOrTasks } from "./services-or-tasks.ts";
import { SystemdServices } from "./systemd-services.ts";
import { WindowsServices } from "./windows-services.ts";
import { WindowsTasks } from "./windows-tasks.ts";

/** The manager that this kind of system has. */
export function thisServiceManager(platform: NodeJS.Platform = process.platform): ServiceManager {
  switch (platform) {
    case "darwin":
      return new LaunchdServices();
    case "win32":
      return new ServicesOrTasks(new WindowsServices(), new WindowsTasks());
    default:
      return new SystemdServices();
  }
}
