import { dirname, join } from "node:path";
import type { Logger } from "pino";
import { Metrics } from "../http/metrics.ts";
import type { ServedState } from "../http/served-state.ts";
import { secretPath } from "../keys/naming-secret.ts";
import { Publisher } from "../publish/publisher.ts";
import { ManifestStore } from "../publish/store/manifest-store.ts";
import { acceptedCommitFile } from "../reconcile/accepted-commit.ts";
import { ReconcileLog } from "../reconcile/log-reconcile.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { ReconcileReport } from "../reconcile/reconcile-loop.ts";
import { ReconcileLoop } from "../reconcile/reconcile-loop.ts";
import type { StateFolderLock } from "../state-folder/lock-state-folder.ts";
import type { ControllerOptions } from "./controller-options.ts";
import { CurrentState } from "./current-state.ts";
import { openFollowedSource, watchFile } from "./followed-source.ts";
import { createListeners } from "./listeners.ts";
import { reconcileParts } from "./reconcile-parts.ts";
import { ServeError } from "./serve-error.ts";

/** A controller that listens. */
export interface RunningController {
  /** Of the agents' listener: `http://host:port`, or `unix:/path`. */
  readonly url: string;
  /** Of the operators' own; absent where the agents' serves both. */
  readonly operatorsUrl: string | undefined;
  readonly tenantKey: (tenant: string) => string;
  readonly state: () => ServedState;
  /** Resolves with the outcome of the first reconcile. */
  readonly firstOutcome: Promise<ReconcileOutcome>;
  /** Answers what is under way, then ends. */
  stop(): Promise<void>;
}

/** Milliseconds that a standby waits for the port of the controller that it takes over from. */
const TAKE_OVER_MS = 10_000;

/**
 * Puts the controller together: the last good manifest is served at once, then the source decides.
 *
 * @param lock of the state folder: this is the only controller of it, until it has stopped
 * @throws ServeError, SourceError, PublishError, KeyError when it cannot start
 */
export async function runController(
  options: ControllerOptions,
  lock: StateFolderLock,
  log: Logger,
): Promise<RunningController> {
  const now = (): number => Math.floor(Date.now() / 1000);
  const { publisher, restored } = openPublisher(options, log);
  const current = new CurrentState();
  if (restored.manifest !== undefined) await current.serve(restored.manifest);

  const metrics = new Metrics(() => current.value, now, options.version);
  const first = Promise.withResolvers<ReconcileOutcome>();
  const report = reportTo(log, metrics, current, restored.manifest?.version, (outcome) => {
    options.onOutcome?.(outcome);
    first.resolve(outcome);
  });
  const tenantKey = (tenant: string): string => publisher.tenantKey(tenant);
  const trigger = (): void => loop.trigger();
  const listeners = await createListeners(options, { metrics, log, current, tenantKey, trigger, now });
  const source = await openFollowedSource(options.source);
  const loop = new ReconcileLoop(
    reconcileParts(options, source, publisher, current, report, now),
    restored.manifest,
  );
  const releases = await watchReleases(options, trigger);

  const stop = async (): Promise<void> => {
    // A fetch under way is cut off: nobody should wait for a git server that may never answer.
    await Promise.all([loop.stop(), source.close(), listeners.close(), releases.close()]);
    lock.release();
  };
  try {
    const { agents, operators } = await listeners.open(options.standby ? TAKE_OVER_MS : 0);
    await source.watch(trigger);
    loop.start();
    return {
      url: agents,
      operatorsUrl: operators,
      tenantKey,
      state: () => current.value,
      firstOutcome: first.promise,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The state folder with the keys, and the last good manifest in it. */
function openPublisher(options: ControllerOptions, log: Logger): ReturnType<typeof Publisher.open> {
  const { stateFolder } = options;
  if (options.source.worktree !== undefined) requireOwnFolder(stateFolder);
  const opened = Publisher.open(options);
  const { damage } = opened.restored;
  if (damage !== undefined) log.error({ event: "store.damaged", code: damage.code }, damage.message);
  return opened;
}

/**
 * Refuses to serve a work tree from the state folder of a fleet's controller: the manifest in it, which people signed,
 * would neither be served nor be kept fresh.
 *
 * @throws ServeError
 */
function requireOwnFolder(stateFolder: string): void {
  if (!ManifestStore.exists(stateFolder, "trust")) return;
  throw new ServeError(
    "serve/worktree-needs-own-folder",
    `\`${stateFolder}\` holds a manifest that a fleet trusts, and a work tree is never served to a fleet`,
    { help: "name another folder, for example --state-dir .fairlead-worktree" },
  );
}

/**
 * Everybody who is told how a reconcile ended.
 *
 * @param restored version of the manifest that an earlier run left
 */
function reportTo(
  log: Logger,
  metrics: Metrics,
  current: CurrentState,
  restored: number | undefined,
  onOutcome: (outcome: ReconcileOutcome) => void,
): ReconcileReport {
  const lines = new ReconcileLog(log, restored);
  let version = restored;
  return {
    outcome(result, seconds) {
      const { outcome } = result;
      current.record(result);
      // A look that finds the commit of the last one, or a restart on it, makes no manifest.
      metrics.recordReconcile(outcome, outcome.kind === "published" && outcome.version !== version, seconds);
      if (outcome.kind === "published") version = outcome.version;
      lines.outcome(result, seconds);
      onOutcome(outcome);
    },
    resigned(manifest) {
      version = manifest.version;
      lines.resigned(manifest);
    },
    resignFailed: (error) => lines.resignFailed(error),
    settleFailed: (error) => lines.settleFailed(error),
  };
}

/**
 * Looks again as soon as a person releases a commit that is not served: by accepting it, by listing who signed it, or by
 * bringing the key that it names, or the secret that names its tenants.
 */
async function watchReleases(
  { stateFolder, signers, onlineKeyFile }: ControllerOptions,
  trigger: () => void,
): Promise<{ close(): Promise<void> }> {
  const { allowedSigners, gnupgHome } = signers ?? {};
  const files = [
    acceptedCommitFile(stateFolder),
    secretPath(stateFolder),
    onlineKeyFile === undefined ? undefined : secretPath(dirname(onlineKeyFile)),
    allowedSigners,
    gnupgHome === undefined ? undefined : join(gnupgHome, "pubring.kbx"),
    onlineKeyFile,
  ].filter((file) => file !== undefined);
  const watchers = await Promise.all(files.map((file) => watchFile(file, trigger)));
  return {
    async close() {
      await Promise.all(watchers.map((watcher) => watcher.close()));
    },
  };
}
