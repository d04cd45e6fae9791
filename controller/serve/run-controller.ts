import { statfs } from "node:fs/promises";
import { totalmem } from "node:os";
import type { Logger } from "pino";
import type { Overlay } from "../desired/overlay.ts";
import { Metrics } from "../http/metrics.ts";
import type { ServedState } from "../http/served-state.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { StateFolderLock } from "../state-folder/lock-state-folder.ts";
import type { ControllerOptions } from "./controller-options.ts";
import { CurrentState } from "./current-state.ts";
import { FoundTenantKeys } from "./found-tenant-keys.ts";
import { createListeners, type Listeners } from "./listeners.ts";
import { WorkerHost } from "./worker/worker-host.ts";
import { WorkerReports } from "./worker/worker-reports.ts";

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
  /** What the fleet's store adds to policy has changed. */
  readonly takeOverlays: (overlays: readonly Overlay[]) => void;
  /** Answers what is under way, then ends. */
  stop(): Promise<void>;
}

/** Milliseconds that a standby waits for the port of the controller that it takes over from. */
const TAKE_OVER_MS = 10_000;

/**
 * Puts the controller together: a worker reconciles, and this thread serves what it publishes. The last good manifest is
 * served at once, then the source decides.
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
  const current = new CurrentState();
  const metrics = new Metrics(() => current.value, now, options.version);
  metrics.watchFreeSpace(async () => {
    const { bavail, bsize } = await statfs(options.stateFolder);
    return bavail * bsize;
  });
  const first = Promise.withResolvers<ReconcileOutcome>();
  const tenantKeys = new FoundTenantKeys(options.stateFolder);
  const reports = new WorkerReports({ log, metrics, current, tenantKeys, now }, (outcome) => {
    options.onOutcome?.(outcome);
    first.resolve(outcome);
  });
  const { source, stateFolder, devKeys, onlineKeyFile, signers, workerMemory, workerEntry } = options;
  const worker = new WorkerHost(
    {
      input: { source, stateFolder, devKeys, onlineKeyFile, signers },
      tenantKey: (tenant) => tenantKeys.find(tenant),
      memory: workerMemory ?? defaultWorkerMemory(),
      ...(workerEntry === undefined ? {} : { entry: workerEntry }),
    },
    reports,
  );
  let listeners: Listeners | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all([worker.stop(), listeners?.close()]);
    // Not before the worker has ended, which writes there.
    lock.release();
  };
  try {
    await worker.open();
    reports.restored(current.value.serving?.manifest.version);
    const tenantKey = (tenant: string): string => tenantKeys.of(tenant);
    const trigger = (): void => worker.look();
    listeners = await createListeners(options, { metrics, log, current, tenantKey, trigger, now });
    const { agents, operators } = await listeners.open(options.standby ? TAKE_OVER_MS : 0);
    if (options.overlays !== undefined) worker.takeOverlays(options.overlays);
    worker.start();
    return {
      url: agents,
      operatorsUrl: operators,
      tenantKey,
      state: () => current.value,
      firstOutcome: first.promise,
      takeOverlays: (overlays) => worker.takeOverlays(overlays),
      stop,
    };
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
