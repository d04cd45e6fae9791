import type { ServiceLimits, ServiceManager, ServiceState } from "./service-manager.ts";

/** What Windows starts under a name: the service of that name, and where there is none the task. */
export class ServicesOrTasks implements ServiceManager {
  private readonly services: ServiceManager;
  private readonly tasks: ServiceManager;

  constructor(services: ServiceManager, tasks: ServiceManager) {
    this.services = services;
    this.tasks = tasks;
  }

  async state(name: string): Promise<ServiceState> {
    const state = await this.services.state(name);
    return state === "absent" ? this.tasks.state(name) : state;
  }

  async start(name: string, limits: ServiceLimits): Promise<void> {
    return (await this.managerOf(name)).start(name, limits);
  }

  async stop(name: string, limits: ServiceLimits): Promise<void> {
    return (await this.managerOf(name)).stop(name, limits);
  }

  async restart(name: string, limits: ServiceLimits): Promise<void> {
    return (await this.managerOf(name)).restart(name, limits);
  }

  isOurs(name: string): boolean {
    return this.services.isOurs(name) || this.tasks.isOurs(name);
  }

  private async managerOf(name: string): Promise<ServiceManager> {
    return (await this.services.state(name)) === "absent" ? this.tasks : this.services;
  }
}
