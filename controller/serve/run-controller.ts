import { statfs } from "node:fs/promises";
import { totalmem } from "node:os";
import type { Logger } from "pino";
import type { GateChecks } from "../desired/gate-checks.ts";
import type { FleetService } from "../fleet/fleet-service.ts";
import { lookAtFleet } from "../http/fleet-api/look-at-fleet.ts";
import { Metrics } from "../http/metrics.ts";
import type { PreviewSide } from "../http/preview-api/preview-side.ts";
import { Push } from "../http/push/push.ts";
import type { ServedState } from "../http/served-state.ts";
import { CommitRecords, commitRecordsFile } from "../preview/commit-records.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { StateFolderLock } from "../state-folder/lock-state-folder.ts";
import { authorityFile } from "./authority-file.ts";
import type { ControllerOptions } from "./controller-options.ts";
import { CurrentState } from "./current-state.ts";
import { DemoFleetHost } from "./demo-fleet-host.ts";
import { FleetHost } from "./fleet/fleet-host.ts";
import { FleetReports, type ToldOfFleet } from "./fleet/fleet-reports.ts";
import { FoundTenantKeys } from "./found-tenant-keys.ts";
import { createListeners, type Listeners } from "./listeners.ts";
import { preparedPage } from "./page/prepared-page.ts";
import { CommitNotes } from "./preview/commit-notes.ts";
import { PreviewHost } from "./preview/preview-host.ts";
import { NO_SIGNALS } from "./signals/signal-settings.ts";
import { Signals } from "./signals/signals.ts";
import type { DeviceCountsByVersion } from "./worker/messages.ts";
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
  /** Absent: the fleet is off. */
  readonly fleet: FleetService | undefined;
  /** Resolves with the outcome of the first reconcile. */
  readonly firstOutcome: Promise<ReconcileOutcome>;
  /** Answers what is under way, then ends. */
  stop(): Promise<void>;
}

/** Of the connections of a listener, how many streams may take. */
const STREAMS_SHARE = 3 / 4;
/** Machines that are handed on at a time for a plan: between two pages, requests are answered. */
const PAGE_OF_DEVICES = 250;
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
  const onChecks = (checks: GateChecks): void => fleet?.checks(checks);
  const reports = new WorkerReports({ log, metrics, current, tenantKeys, onChecks, now }, (outcome) => {
    options.onOutcome?.(outcome);
    first.resolve(outcome);
    push?.reportOutcome(outcome.kind, "commit" in outcome ? outcome.commit : undefined);
    preview?.notes.outcome(outcome);
  });
  const countDevices = async (products: readonly string[]): Promise<DeviceCountsByVersion> => {
    if (fleet === undefined) throw new Error("the fleet is not open yet");
    return devicesByVersion(fleet, products, now());
  };
  const { source, stateFolder, devKeys, onlineKeyFile, signers, propose, workerMemory, workerEntry } =
    options;
  const worker = new WorkerHost(
    {
      input: { source, stateFolder, devKeys, onlineKeyFile, signers, propose },
      tenantKey: (tenant) => tenantKeys.find(tenant),
      memory: workerMemory ?? defaultWorkerMemory(),
      onStep: (step) => fleet?.manifest(step),
      ...(options.fleet ? { countDevices } : {}),
      ...(workerEntry === undefined ? {} : { entry: workerEntry }),
    },
    reports,
  );
  const fleet = options.fleet
    ? openFleet(options, worker, log, {
        onOverlays: (overlays) => worker.takeOverlays(overlays),
        onStanding: (records) => {
          metrics.rollouts.show(records);
          signals.rollouts(records);
        },
        onEvent: (event) => push?.report(event),
      })
    : undefined;
  const push = fleet === undefined ? undefined : openPush(fleet, options);
  const demoFleet = fleet === undefined ? undefined : openDemoFleet(options, fleet, log, now);
  const preview =
    fleet === undefined ? undefined : openPreview(fleet, options, log, () => current.value, now);
  const signals = new Signals({
    settings: options.signals ?? NO_SIGNALS,
    stateFolder,
    origin: options.publicUrls[0]?.origin,
    authorities: authorityFile(source.access),
    fleet: fleet?.service,
    ...{ current, metrics, log, now },
  });
  current.watch(signals.changed);
  let listeners: Listeners | undefined;
  const stop = async (): Promise<void> => {
    // First: a listener that closes waits for its streams.
    push?.close();
    const threads = [worker, preview?.host, signals, demoFleet];
    await Promise.all([...threads.map((thread) => thread?.stop()), listeners?.close()]);
    // Once every device is answered that asked.
    await fleet?.stop();
    // Not before the threads have ended, which write there.
    lock.release();
  };
  try {
    await worker.open();
    await fleet?.open();
    reports.restored(current.value.serving?.manifest.version);
    const tenantKey = (tenant: string): string => tenantKeys.of(tenant);
    const trigger = (): void => worker.look();
    const { service } = fleet ?? {};
    if (service !== undefined) {
      const { devices, summary } = service.store;
      metrics.devices.watch(() => devices.count({ tenants: null }, now()));
      metrics.adoption.watch(
        () => current.value.serving,
        () => lookAtFleet(summary, current.value.serving, [], null, now()),
      );
    }
    if (push !== undefined) {
      metrics.watchStreams(() => push.streams.size);
      current.follow(({ manifest }) => push.announce(manifest.version, manifest.commit));
    }
    const page = preparedPage(log);
    // When the controller's own start is through, which it would slow down.
    void first.promise.then(page);
    const restored = current.value.serving?.manifest.commit;
    if (restored !== undefined) preview?.notes.restored(restored);
    const parts = {
      metrics,
      log,
      current,
      fleet: service,
      push,
      preview: preview?.side,
      tenantKey,
      trigger,
      page,
      now,
    };
    listeners = await createListeners(options, parts);
    const { agents, operators } = await listeners.open(options.standby ? TAKE_OVER_MS : 0);
    worker.start();
    signals.start();
    if (demoFleet !== undefined) current.follow(({ manifest }) => demoFleet.begin(agents, manifest));
    return {
      url: agents,
      operatorsUrl: operators,
      tenantKey,
      state: () => current.value,
      fleet: service,
      firstOutcome: first.promise,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The fleet's thread, which is given every manifest that the worker makes. */
function openFleet(
  options: ControllerOptions,
  worker: WorkerHost,
  log: Logger,
  told: ToldOfFleet,
): FleetHost {
  const { source, stateFolder, onlineKeyFile, devKeys, workerMemory, fleetEntry } = options;
  const authorities = authorityFile(source.access);
  return new FleetHost(
    {
      input: { stateFolder, onlineKeyFile, devKeys, authorities, checks: options.checks ?? {} },
      wholeManifest: () => worker.wholeManifest(),
      memory: workerMemory ?? defaultWorkerMemory(),
      ...(fleetEntry === undefined ? {} : { entry: fleetEntry }),
    },
    new FleetReports(log, told),
  );
}

function openDemoFleet(
  { demoFleet: machines, stateFolder }: ControllerOptions,
  { service }: FleetHost,
  log: Logger,
  now: () => number,
): DemoFleetHost | undefined {
  return machines === undefined ? undefined : new DemoFleetHost({ machines, stateFolder, service, log, now });
}

/** The thread that reads git for people, which is started when somebody asks. */
interface OpenPreview {
  readonly host: PreviewHost;
  readonly notes: CommitNotes;
  readonly side: PreviewSide;
}

function openPreview(
  { service }: FleetHost,
  options: ControllerOptions,
  log: Logger,
  state: () => ServedState,
  now: () => number,
): OpenPreview {
  const { source, stateFolder, committer, workerMemory, previewEntry, forge, pageChanges = "off" } = options;
  const { intervalMs: _, ...followed } = source;
  const host = new PreviewHost({
    input: {
      source: followed,
      stateFolder,
      committer: committer ?? { name: "Fairlead", mail: "fairlead@localhost" },
    },
    devices: (after) =>
      service.store.devices.list(
        { tenants: null },
        { limit: PAGE_OF_DEVICES, ...(after === undefined ? {} : { after }) },
        now(),
      ),
    memory: workerMemory ?? defaultWorkerMemory(),
    onDeath: (error) => log.error({ event: "preview.died", stack: error.stack }, error.message),
    ...(previewEntry === undefined ? {} : { entry: previewEntry }),
  });
  const notes = new CommitNotes({
    ...{ host, state, now },
    hasMachines: async () => {
      const { rows } = await service.store.devices.list({ tenants: null }, { limit: 1 }, now());
      return rows.length > 0;
    },
    unserved: new CommitRecords(commitRecordsFile(stateFolder)).unserved(),
  });
  return { host, notes, side: { service: host.service, ref: source.ref, forge, pageChanges } };
}

/** Machines by product and the version that they run, without those that are gone. */
async function devicesByVersion(
  { service }: FleetHost,
  products: readonly string[],
  now: number,
): Promise<DeviceCountsByVersion> {
  const counts = new Map<string, Map<string, number>>();
  for (const product of products) {
    const ofProduct = new Map<string, number>();
    for (const { version, devices } of await service.store.devices.versions(product, null, now)) {
      if (version !== null) ofProduct.set(version, (ofProduct.get(version) ?? 0) + devices);
    }
    counts.set(product, ofProduct);
  }
  return counts;
}

/** Polls always find room beside the streams. */
function openPush({ service }: FleetHost, { maxConnections }: ControllerOptions): Push {
  return new Push((request) => service.identify(request), Math.floor(maxConnections * STREAMS_SHARE));
}

/** Half of the machine's or the container's memory, in MiB, as far as a fleet of any size that is known has use for it. */
function defaultWorkerMemory(): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.min(4096, Math.max(256, Math.floor(bytes / 2 / 1024 / 1024)));
}
