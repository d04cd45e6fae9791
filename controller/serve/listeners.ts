import type { Logger } from "pino";

import type { SystemError } from "../files/system-error.ts";
import type { FleetService } from "../fleet/fleet-service.ts";
import type { DamagedArtifact } from "../http/manifest/artifact-folder.ts";
import type { HostedArtifacts } from "../http/manifest/hosted-artifacts.ts";

import type { Metrics } from "../http/metrics.ts";
import { OperatorToken } from "../http/operator-token.ts";
import type { PreparedPage } from "../http/page/page.ts";
import type { PreviewSide } from "../http/preview-api/preview-side.ts";
import type { Push } from "../http/push/push.ts";
import { QuietLog } from "../http/quiet-log.ts";
import type { Audience } from "../http/route-context.ts";
import { createServer, type ServerOptions } from "../http/server.ts";
import { WrongTokens } from "../http/wrong-tokens.ts";
import { acceptHeldCommit } from "../reconcile/accepted-commit.ts";
import { type ControllerOptions, isDevelopment } from "./controller-options.ts";
import type { CurrentState } from "./current-state.ts";
import { hostedArtifacts } from "./hosted-artifacts.ts";
import { type HostedFiles, servedArtifacts } from "./hosted-files.ts";
import { listen } from "./listen.ts";
import { isLocal, type ListenAddress } from "./listen-address.ts";
import { ownOperatorToken } from "./secret-file.ts";
import { isRightTenantKey } from "./tenant-key-check.ts";

/** What listens of a controller. */
export interface Listeners {
  /**
   * Begins to listen everywhere.
   *
   * @param patienceMs how long to wait for a port in use
   */
  open(patienceMs: number): Promise<OpenAddresses>;
  /** Answers what is under way, then ends. */
  close(): Promise<void>;
}

export interface OpenAddresses {
  /** Of the agents' listener: `http://host:port`, or `unix:/path`. */
  readonly agents: string;
  /** Of the operators' own; absent where the agents' serves both. */
  readonly operators: string | undefined;
}

export interface ListenerParts {
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly current: CurrentState;
  /** Absent: the fleet is off. */
  readonly fleet: FleetService | undefined;
  /** Absent: nobody is told of anything. */
  readonly push: Push | undefined;
  /** Absent: nobody is told of commits and branches. */
  readonly preview: PreviewSide | undefined;
  /** A tenant's name to its key. */
  readonly tenantKey: (tenant: string) => string;
  readonly trigger: () => void;
  /** For people, where they are served. */
  readonly page: PreparedPage;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** One listener for everybody, or one for agents and one for operators. */
export async function createListeners(options: ControllerOptions, parts: ListenerParts): Promise<Listeners> {
  const hosted = openHostedArtifacts(options, parts);
  const settings = sharedSettings(options, parts, hosted.serving);
  const planned = plannedListeners(options);
  const apps = await Promise.all(
    planned.map(async ({ address, isForPeople, ...each }) => ({
      address,
      app: await createServer({ ...settings, ...each, ...(isForPeople ? { page: parts.page } : {}) }),
    })),
  );
  return {
    async open(patienceMs) {
      const urls: string[] = [];
      for (const { app, address } of apps) urls.push(await listen(app, address, patienceMs));
      parts.current.follow((serving) => hosted.follow(servedArtifacts(serving)));
      const [agents = "", operators] = urls;
      return { agents, operators };
    },
    async close() {
      await Promise.all([...apps.map(({ app }) => app.close()), hosted.close()]);
    },
  };
}

interface PlannedListener extends Pick<ServerOptions, "hosts"> {
  readonly address: ListenAddress;
  readonly audience: Audience;
  /** Whether it has the page: not where only agents are meant to ask. */
  readonly isForPeople: boolean;
}

/**
 * Who is served where, and what they have to show. Whoever reaches a listener is taken for an operator in two cases
 * only: the operators' own listener, where nobody but this machine can reach it; and the one listener of a start to try
 * things out. A proxy in front of the one listener of a fleet would make everybody look like this machine.
 */
export function plannedListeners(options: ControllerOptions): PlannedListener[] {
  const { agentsAddress, operatorsAddress, publicUrls, devKeys } = options;
  const names = new Set(publicUrls.map(({ hostname }) => hostname.replace(/^\[|\]$/g, "")));
  const known = { names, development: devKeys };
  if (operatorsAddress === undefined) {
    const isOpen = isDevelopment(options) && options.operatorToken === undefined;
    const audience = { agents: true, operators: isOpen ? "open" : "token" } as const;
    return [{ address: agentsAddress, audience, isForPeople: true, hosts: known }];
  }
  const isOpen = isLocal(operatorsAddress);
  return [
    {
      address: agentsAddress,
      audience: { agents: true, operators: "token" },
      isForPeople: false,
      hosts: known,
    },
    {
      address: operatorsAddress,
      audience: { agents: false, operators: isOpen ? "open" : "token" },
      isForPeople: true,
      // A browser reaches no unix socket, and a page in it has no token.
      hosts: isOpen && operatorsAddress.kind === "tcp" ? known : undefined,
    },
  ];
}

function sharedSettings(
  options: ControllerOptions,
  { metrics, log, current, fleet, push, preview, tenantKey, trigger, now }: ListenerParts,
  artifacts: HostedArtifacts,
): Omit<ServerOptions, "audience" | "hosts"> {
  const { webhookSecret, trustProxy, version, maxConnections, logged } = options;
  const onUnkept = ({ code, message }: SystemError): void => {
    log.warn(
      { event: "operator-token.unkept", code },
      `operators have no token before the next start: ${message}`,
    );
  };
  return {
    state: () => current.value,
    metrics,
    log,
    quietLog: new QuietLog(log),
    now,
    artifacts,
    fleet,
    ...(push === undefined ? {} : { push }),
    ...(preview === undefined ? {} : { preview }),
    webhook: webhookSecret === undefined ? undefined : { secret: webhookSecret, trigger },
    wrongTokens: new WrongTokens(),
    operatorToken: new OperatorToken(
      options.operatorToken ?? ownOperatorToken(options.stateFolder, onUnkept),
    ),
    isTenantKey: isRightTenantKey(tenantKey),
    accept: (commit) => acceptHeldCommit(options.stateFolder, commit),
    publicOrigin: options.publicUrls[0]?.origin,
    version,
    maxConnections,
    logged,
    ...(options.feeds === undefined ? {} : { feeds: options.feeds }),
    ...(trustProxy === undefined ? {} : { trustProxy }),
  };
}

function openHostedArtifacts(options: ControllerOptions, { log, current }: ListenerParts): HostedFiles {
  return hostedArtifacts(options, log, (damaged) => {
    reportDamage(log, current.value.damagedArtifacts, damaged);
    current.recordDamage(damaged);
  });
}

/** Says what was found since the last time, and what is whole again. */
function reportDamage(
  log: Logger,
  before: readonly DamagedArtifact[],
  after: readonly DamagedArtifact[],
): void {
  const said = new Set(before.map(({ target, problem }) => `${target} ${problem}`));
  for (const { target, path, problem } of after) {
    if (said.has(`${target} ${problem}`)) continue;
    log.error(
      { event: "artifact.damaged", target, path },
      `the hosted file of \`${target}\` ${problem}: it is not served`,
    );
  }
  const damaged = new Set(after.map(({ target }) => target));
  for (const { target, path } of before) {
    if (damaged.has(target)) continue;
    log.info({ event: "artifact.restored", target, path }, `the hosted file of \`${target}\` is whole again`);
  }
}
