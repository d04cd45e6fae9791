import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { homeError } from "./home-error.ts";

/** Where the notes on one product lie. */
export interface ProductHome {
  readonly directory: string;
  readonly journal: string;
  readonly state: string;
  /** The newest version that this machine ever confirmed. */
  readonly newestConfirmed: string;
  readonly lock: string;
}

/** Where the agent of this machine keeps its things; those of the product at the top of its config lie among them. */
export interface AgentHome extends ProductHome {
  readonly config: string;
  /** The same as JSON, for a quick start. */
  readonly parsedConfig: string;
  readonly deviceKey: string;
  /** A folder for each further product. */
  readonly products: string;
  /** Held while this agent talks to the controller. */
  readonly checkInLock: string;
  /** Where check-ins stand. */
  readonly checkIns: string;
  /** What operators asked for, and what became of it. */
  readonly requests: string;
  /** A folder of attempts that wait to be reported. */
  readonly spool: string;
  /** What the agent did, for people; older ones lie beside it. */
  readonly log: string;
  /** Verified TUF metadata. */
  readonly trust: string;
}

/**
 * `--home`, else `FAIRLEAD_AGENT_HOME`, else `/var/lib/fairlead-agent` for root and
 * `~/.local/state/fairlead-agent` for everybody else.
 */
export function agentHome(explicit: string | undefined, environment: NodeJS.ProcessEnv): AgentHome {
  const directory = resolve(explicit ?? environment.FAIRLEAD_AGENT_HOME ?? defaultHome());
  return {
    ...notesIn(directory),
    config: join(directory, "config.yaml"),
    parsedConfig: join(directory, "config.parsed.json"),
    deviceKey: join(directory, "device-key.json"),
    products: join(directory, "products"),
    checkInLock: join(directory, "check-in.lock"),
    checkIns: join(directory, "check-ins.json"),
    requests: join(directory, "requests.json"),
    spool: join(directory, "spool"),
    log: join(directory, "log", "agent.log"),
    trust: join(directory, "trust"),
  };
}

/** @param name of a product that stands under `products` in the config */
export function productHome({ products }: AgentHome, name: string): ProductHome {
  return notesIn(join(products, name));
}

function notesIn(directory: string): ProductHome {
  return {
    directory,
    journal: join(directory, "journal.json"),
    state: join(directory, "state.json"),
    newestConfirmed: join(directory, "newest-confirmed.json"),
    lock: join(directory, "lock"),
  };
}

/** @throws HomeError */
export function makeHome({ directory }: ProductHome): void {
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
