import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { Metrics } from "../http/metrics.ts";
import type { ServedState } from "../http/served-state.ts";
import { createServer } from "../http/server.ts";
import { Publisher } from "../publish/publisher.ts";
import { ManifestStore } from "../publish/store/manifest-store.ts";
import { acceptedCommitFile } from "../reconcile/accepted-commit.ts";
import { ReconcileLog } from "../reconcile/log-reconcile.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { ReconcileReport } from "../reconcile/reconcile-loop.ts";
import { ReconcileLoop } from "../reconcile/reconcile-loop.ts";
import type { ControllerOptions } from "./controller-options.ts";
import { CurrentState } from "./current-state.ts";
import { openFollowedSource, watchFile } from "./followed-source.ts";
import { listen } from "./listen.ts";
import { reconcileParts } from "./reconcile-parts.ts";
import { ServeError } from "./serve-error.ts";

/** A controller that listens. */
export interface RunningController {
  readonly url: string;
  readonly tenantKey: (tenant: string) => string;
  readonly state: () => ServedState;
  /** Resolves with the outcome of the first reconcile. */
  readonly firstOutcome: Promise<ReconcileOutcome>;
  /** Answers what is under way, then ends. */
  stop(): Promise<void>;
}

/**
 * Puts the controller together: the last good manifest is served at once, then the source decides.
 *
 * @throws ServeError, SourceError, PublishError, KeyError when it cannot start
 */
export async function runController(options: ControllerOptions, log: Logger): Promise<RunningController> {
  const now = (): number => Math.floor(Date.now() / 1000);
  const { publisher, restored } = openPublisher(options, log);
  const current = new CurrentState();
  if (restored.manifest !== undefined) await current.serve(restored.manifest);

  const metrics = new Metrics(() => current.value, now);
  const first = Promise.withResolvers<ReconcileOutcome>();
  const report = reportTo(new ReconcileLog(log, restored.manifest?.version), metrics, current, (outcome) => {
    options.onOutcome?.(outcome);
    first.resolve(outcome);
  });
  const source = await openFollowedSource(options.source);
  const loop = new ReconcileLoop(
    reconcileParts(options, source, publisher, current, report, now),
    restored.manifest,
  );
  const app = await openServer(options, log, metrics, current, () => loop.trigger(), now);
  const releases = await watchReleases(options, () => loop.trigger());

  const stop = async (): Promise<void> => {
    // A fetch under way is cut off: nobody should wait for a git server that may never answer.
    await Promise.all([loop.stop(), source.close(), app.close(), releases.close()]);
  };
  try {
    const url = await listen(app, options.host, options.port);
    await source.watch(() => loop.trigger());
    loop.start();
    return {
      url,
      tenantKey: publisher.tenantKey,
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
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
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

/** Everybody who is told how a reconcile ended. */
function reportTo(
  log: ReconcileLog,
  metrics: Metrics,
  current: CurrentState,
  onOutcome: (outcome: ReconcileOutcome) => void,
): ReconcileReport {
  return {
    outcome(result, seconds) {
      current.record(result);
      metrics.recordReconcile(result.outcome, seconds);
      log.outcome(result, seconds);
      onOutcome(result.outcome);
    },
    resigned: (manifest) => log.resigned(manifest),
    resignFailed: (error) => log.resignFailed(error),
    settleFailed: (error) => log.settleFailed(error),
  };
}

function openServer(
  options: ControllerOptions,
  log: Logger,
  metrics: Metrics,
  current: CurrentState,
  trigger: () => void,
  now: () => number,
): Promise<FastifyInstance> {
  const { artifacts, webhookSecret, version, trustProxy } = options;
  return createServer({
    state: () => current.value,
    metrics,
    log,
    now,
    artifacts,
    webhook: webhookSecret === undefined ? undefined : { secret: webhookSecret, trigger },
    version,
    ...(trustProxy === undefined ? {} : { trustProxy }),
  });
}

/**
 * Looks again as soon as a person releases a commit that is not served: by accepting it, by listing who signed it, or by
 * bringing the key that it names.
 */
async function watchReleases(
  { stateFolder, signers, onlineKeyFile }: ControllerOptions,
  trigger: () => void,
): Promise<{ close(): Promise<void> }> {
  const { allowedSigners, gnupgHome } = signers ?? {};
  const keyring = gnupgHome === undefined ? undefined : join(gnupgHome, "pubring.kbx");
  const files = [acceptedCommitFile(stateFolder), allowedSigners, keyring, onlineKeyFile].filter(
    (file) => file !== undefined,
  );
  const watchers = await Promise.all(files.map((file) => watchFile(file, trigger)));
  return {
    async close() {
      await Promise.all(watchers.map((watcher) => watcher.close()));
    },
  };
}
