import { ask, describe, failed, stays, waitFor } from "./ask-manager.ts";
import type { ServiceLimits, ServiceManager, ServiceState } from "./service-manager.ts";

const ASK_SECONDS = 30;
/** What sc.exe ends with: the error numbers of Windows. */
const ALREADY_RUNNING = 1056;
const NOT_FOUND = 1060;
const NOT_ACTIVE = 1062;

/** `dwCurrentState` of SERVICE_STATUS, which sc.exe prints as a number in every language. */
const STATES: ReadonlyMap<string, ServiceState> = new Map([
  ["1", "stopped"],
  ["2", "starting"],
  ["3", "stopping"],
  ["4", "running"],
  ["5", "starting"],
  ["6", "stopping"],
  ["7", "running"],
]);

/** Windows services, by sc.exe. */
export class WindowsServices implements ServiceManager {
  async state(service: string): Promise<ServiceState> {
    const result = await ask(["sc.exe", "query", service], { seconds: ASK_SECONDS });
    if (result.kind !== "exited") throw failed(`sc.exe does not tell of ${service}`, describe(result));
    if (result.code === NOT_FOUND) return "absent";
    // STATE : 4  RUNNING, below TYPE : 10  WIN32_OWN_PROCESS: the words are translated, their order is not.
    const numbers = [...result.stdout.matchAll(/^\s*\S[^:\n]*:\s*([0-9a-f]+)\b/gim)].map((match) => match[1]);
    const state = STATES.get(numbers[1] ?? "");
    if (state === undefined) throw failed(`sc.exe does not tell of ${service}`, describe(result));
    return state;
  }

  async start(service: string, limits: ServiceLimits): Promise<void> {
    const result = await ask(["sc.exe", "start", service], limits);
    requireCode(result, [0, ALREADY_RUNNING], `${service} does not start`);
    const isRunning = async () => (await this.state(service)) === "running";
    const isDown = async () => (await this.state(service)) === "stopped";
    await waitFor(`${service} does not come up`, async () => (await isRunning()) || (await isDown()), limits);
    if (await stays(isRunning, limits)) return;
    throw failed(`${service} ended straight after its start`, await this.state(service));
  }

  async stop(service: string, limits: ServiceLimits): Promise<void> {
    const result = await ask(["sc.exe", "stop", service], limits);
    requireCode(result, [0, NOT_ACTIVE], `${service} does not stop`);
    await waitFor(`${service} does not stop`, async () => (await this.state(service)) === "stopped", limits);
  }

  async restart(service: string, limits: ServiceLimits): Promise<void> {
    await this.stop(service, limits);
    await this.start(service, limits);
  }

  /** A service that stops itself cannot start itself: what does both runs outside of it. */
  isOurs(): boolean {
    return false;
  }
}

function requireCode(result: Awaited<ReturnType<typeof ask>>, codes: readonly number[], what: string): void {
  if (result.kind === "exited" && result.code !== null && codes.includes(result.code)) return;
  throw failed(what, describe(result));
}
