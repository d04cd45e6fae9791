import { totalmem } from "node:os";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { Metrics } from "../http/metrics.ts";
import type { ServedState } from "../http/served-state.ts";
import { createServer } from "../http/server.ts";
import { findTenantKeys } from "../keys/state-folder-keys.ts";
import { faultOf } from "../reconcile/fault.ts";
import { ReconcileLog } from "../reconcile/log-reconcile.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { ReportedReconcile } from "../reconcile/report.ts";
import type { ControllerOptions } from "./controller-options.ts";
import { CurrentState } from "./current-state.ts";
import { listen } from "./listen.ts";
import { WorkerHost, type WorkerListener } from "./worker/worker-host.ts";

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
  const current = new CurrentState();
  const metrics = new Metrics(() => current.value, now);
  const first = Promise.withResolvers<ReconcileOutcome>();
  const reconcileLog = new ReconcileLog(log);
  const listener = listenerOf(log, reconcileLog, metrics, current, now, (outcome) => {
    options.onOutcome?.(outcome);
    first.resolve(outcome);
  });
  const { source, stateFolder, devKeys, onlineKeyFile, signers, workerMemory, workerEntry } = options;
  // The worker makes the secret behind the keys, so it is there once a manifest is.
  const tenantKey = (tenant: string): string => findTenantKeys(stateFolder)(tenant);
  const worker = new WorkerHost(
    {
      input: { source, stateFolder, devKeys, onlineKeyFile, signers },
      tenantKey,
      memory: workerMemory ?? defaultWorkerMemory(),
      ...(workerEntry === undefined ? {} : { entry: workerEntry }),
    },
    listener,
  );
  let app: FastifyInstance | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all([worker.stop(), app?.close()]);
  };
  try {
    await worker.open();
    reconcileLog.restored(current.value.serving?.manifest.version);
    app = await openServer(options, log, metrics, current, () => worker.look(), now);
    const url = await listen(app, options.host, options.port);
    worker.start();
    return { url, tenantKey, state: () => current.value, firstOutcome: first.promise, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Half of the machine's or the container's memory, in MiB, as far as a fleet of any size that is known has use for it. */
function defaultWorkerMemory(): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.min(4096, Math.max(256, Math.floor(bytes / 2 / 1024 / 1024)));
}

/** Everybody who is told what the worker does. */
function listenerOf(
  log: Logger,
  reconcileLog: ReconcileLog,
  metrics: Metrics,
  current: CurrentState,
  now: () => number,
  onOutcome: (outcome: ReconcileOutcome) => void,
): WorkerListener {
  const outcome = (reported: ReportedReconcile, seconds: number): void => {
    current.record(reported);
    metrics.recordReconcile(reported.outcome, seconds);
    reconcileLog.outcome(reported, seconds);
    onOutcome(reported.outcome);
  };
  return {
    outcome,
    manifest: (served) => current.serve(served),
    resigned: (signed) => reconcileLog.resigned(signed),
    resignFailed: (error) => reconcileLog.resignFailed(error),
    storeDamaged(error) {
      const { code } = faultOf(error).cause;
      log.error({ event: "store.damaged", code }, error.message);
    },
    died(error) {
      const { cause } = faultOf(error);
      const stack = error.cause instanceof Error ? error.cause.stack : error.stack;
      log.error({ event: "worker.died", ...cause, stack }, error.message);
      outcome({ outcome: { kind: "waiting", cause, at: now() }, error }, 0);
    },
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
