import type { Placement } from "../../protocol/check-in/check-in-answer.ts";
import type { RootRole } from "../../protocol/tuf/roles.ts";
import type { ConfigValues } from "../config/config-keys.ts";
import { openDeviceSigner } from "../config/device-key.ts";
import { PLATFORM } from "../decision/machine-builds.ts";
import { gatherFacts } from "../facts/gather-facts.ts";
import { thisMachine } from "../facts/this-machine.ts";
import type { AgentHome } from "../home/agent-home.ts";
import { CheckInNotesFile } from "./check-in-notes.ts";
import { enrolByToken } from "./enrol-with-controller.ts";

export interface Registration {
  /** Ends in `/`. */
  readonly server: string;
  /** Names the online key, which signs the answer. */
  readonly root: RootRole;
  readonly token: string;
  readonly signal: AbortSignal;
}

/**
 * Registers this machine's device key by the right of a token.
 *
 * @returns where it belongs, as its config says it
 * @throws ReportError, FetchError, ConfigError, HomeError
 */
export async function registerDevice(
  home: AgentHome,
  installPath: string,
  { server, root, token, signal }: Registration,
): Promise<ConfigValues> {
  const now = (): number => Math.floor(Date.now() / 1000);
  const facts = await gatherFacts(thisMachine(), installPath);
  const machine = { platform: PLATFORM, facts };
  const answer = await enrolByToken({ server, root, now, signal }, openDeviceSigner(home), token, machine);
  // What was known of another controller, before an enrolment anew.
  new CheckInNotesFile(home.checkIns).change(({ repository: _, trouble: __, ...notes }) => notes);
  return placementValues(answer);
}

/** A place as the config says it; what it leaves out is `undefined`. */
export function placementValues({ tenant, site, labels }: Placement): ConfigValues {
  return {
    ...(tenant === undefined ? {} : { tenant: tenant.name, tenant_key: tenant.key }),
    ...(site === undefined ? {} : { site }),
    ...(Object.keys(labels).length === 0 ? {} : { labels: { ...labels } }),
  };
}
