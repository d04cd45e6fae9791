import { ask, describe, failed, holdsInTime, refused, stays } from "./ask-manager.ts";
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
    if (result.kind !== "exited") throw refused(`sc.exe does not tell of ${service}`, describe(result));
    if (result.code === NOT_FOUND) return "absent";
    const state = readState(result.stdout);
    if (state === undefined) throw refused(`sc.exe does not tell of ${service}`, describe(result));
    return state;
  }

  async start(service: string, limits: ServiceLimits): Promise<void> {
    const result = await ask(["sc.exe", "start", service], limits);
    if (!endedWith(result, [0, ALREADY_RUNNING])) {
      throw failed(`${service} does not start`, describe(result));
    }
    const isRunning = async () => (await this.state(service)) === "running";
    const isDown = async () => (await this.state(service)) === "stopped";
    const hasEnded = await holdsInTime(async () => (await isRunning()) || (await isDown()), limits);
    if (!hasEnded) throw failed(`${service} does not come up`, `not within ${limits.seconds} s`);
    if (await stays(isRunning, limits)) return;
    throw failed(`${service} ended straight after its start`, await this.state(service));
  }

  async stop(service: string, limits: ServiceLimits): Promise<void> {
    const result = await ask(["sc.exe", "stop", service], limits);
    if (!endedWith(result, [0, NOT_ACTIVE])) throw refused(`${service} does not stop`, describe(result));
    const hasStopped = await holdsInTime(async () => (await this.state(service)) === "stopped", limits);
    if (!hasStopped) throw refused(`${service} does not stop`, `not within ${limits.seconds} s`);
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

/**
 * What `sc.exe query NAME` says. The words are translated and their order is not: of the lines that are set in, the first
 * is the type, and the second the state.
 */
export function readState(text: string): ServiceState | undefined {
  const numbers = [...text.matchAll(/^[ \t]+\S[^:\n]*:[ \t]*([0-9a-f]+)\b/gim)].map((match) => match[1]);
  return STATES.get(numbers[1] ?? "");
}

function endedWith(result: Awaited<ReturnType<typeof ask>>, codes: readonly number[]): boolean {
  return result.kind === "exited" && result.code !== null && codes.includes(result.code);
}
