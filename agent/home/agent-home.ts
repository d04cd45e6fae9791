import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { homeError } from "./home-error.ts";

/** Where one enrolled product's agent keeps its things. */
export interface AgentHome {
  readonly directory: string;
  readonly config: string;
  /** The same as JSON, for a quick start. */
  readonly parsedConfig: string;
  readonly deviceKey: string;
  readonly journal: string;
  readonly state: string;
  /** The newest version that this machine ever confirmed. */
  readonly newestConfirmed: string;
  readonly lock: string;
  /** Held while this agent talks to the controller. */
  readonly checkInLock: string;
  /** Where check-ins stand. */
  readonly checkIns: string;
  /** What operators asked for, and what became of it. */
  readonly requests: string;
  /** A folder of attempts that wait to be reported. */
  readonly spool: string;
  /** Verified TUF metadata. */
  readonly trust: string;
  /** Where builds wait that have no place beside what is installed. */
  readonly staging: string;
}

/**
 * `--home`, else `FAIRLEAD_AGENT_HOME`, else `/var/lib/fairlead-agent` for root and
 * `~/.local/state/fairlead-agent` for everybody else.
 */
export function agentHome(explicit: string | undefined, environment: NodeJS.ProcessEnv): AgentHome {
  const directory = resolve(explicit ?? environment.FAIRLEAD_AGENT_HOME ?? defaultHome());
  return {
    directory,
    config: join(directory, "config.yaml"),
    parsedConfig: join(directory, "config.parsed.json"),
    deviceKey: join(directory, "device-key.json"),
    journal: join(directory, "journal.json"),
    state: join(directory, "state.json"),
    newestConfirmed: join(directory, "newest-confirmed.json"),
    lock: join(directory, "lock"),
    checkInLock: join(directory, "check-in.lock"),
    checkIns: join(directory, "check-ins.json"),
    requests: join(directory, "requests.json"),
    spool: join(directory, "spool"),
    trust: join(directory, "trust"),
    staging: join(directory, "staging"),
  };
}

/** @throws HomeError */
export function makeHome({ directory }: AgentHome): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw homeError(error, "make", directory);
  }
}

function defaultHome(): string {
  return process.geteuid?.() === 0
    ? "/var/lib/fairlead-agent"
    : join(homedir(), ".local", "state", "fairlead-agent");
}
