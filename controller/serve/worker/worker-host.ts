import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { GateChecks } from "../../desired/gate-checks.ts";
import type { Overlay } from "../../desired/overlay.ts";
import type { StandingProposal } from "../../desired/proposal.ts";
import type { StandingLines } from "../../desired/standing-lines.ts";
import type { ManifestStep } from "../../http/manifest/manifest-change.ts";
import { ManifestIntake } from "../../http/manifest/manifest-intake.ts";
import type { ServedManifest } from "../../http/manifest/served-manifest.ts";
import type { ReconcileReport } from "../../reconcile/report.ts";
import { killProcessGroup } from "../../source/process-group.ts";
import { receiveError, type SentError } from "../sent-error.ts";
import { ServeError } from "../serve-error.ts";
import type { DeviceCountsByVersion, FromWorker, ToWorker, WorkerInput } from "./messages.ts";

/** Where the worker's code is: TypeScript in a checkout, compiled in the package. */
const ENTRY = new URL(`./reconcile-worker${extname(import.meta.filename)}`, import.meta.url);
/** Milliseconds until a worker that is in the middle of something is ended without waiting: any instant is a good one. */
const STOP_GRACE_MS = 1_000;
/**
 * Most MiB for what the worker has just made. By itself it grows while a state is read, and stays: that was a fifth of all
 * memory at 50,000 files, and saves no time that can be measured.
 */
const YOUNG_MIB = 24;
/** First and longest wait before a worker that died is started anew, seconds. */
const RESTART_SECONDS = { first: 1, longest: 60 } as const;

/** Who is told what the worker does: the report of its reconciles, and what concerns the worker itself. */
export interface WorkerListener extends ReconcileReport {
  /** From now on this is what agents get. */
  manifest(served: ServedManifest): void;
  /** What the state of the manifest to come asks of running versions. */
  checks(checks: GateChecks): void;
  /** How all proposals are that stand. */
  proposals(standing: readonly StandingProposal[]): void;
  /** What git holds back and demands. */
  standing(standing: StandingLines): void;
  storeDamaged(error: Error): void;
  /** It has died and is started anew; what was served stays. */
  died(error: Error): void;
}

export interface WorkerHostOptions {
  readonly input: WorkerInput;
  /** A tenant's name to its key; `undefined` where the secret is missing that keys are made of. */
  readonly tenantKey: (tenant: string) => string | undefined;
  /** Told of each step of each manifest, once it is taken in here; absent: nobody else wants them. */
  readonly onStep?: (step: ManifestStep) => void;
  /** How many devices run which version of these products; rejects, or absent: nobody can tell. */
  readonly countDevices?: ((products: readonly string[]) => Promise<DeviceCountsByVersion>) | undefined;
  /** Most MiB of memory for what the worker computes with. */
  readonly memory: number;
  /** Another program for the worker; for tests. */
  readonly entry?: URL;
}

/**
 * Runs the worker that reconciles: takes its manifests in, passes on what it reports, starts it anew when it died, and
 * ends the processes that a dead one left behind.
 */
export class WorkerHost {
  private readonly options: WorkerHostOptions;
  private readonly listener: WorkerListener;
  private readonly intake: ManifestIntake;
  private readonly processes = new Set<number>();
  private worker: Worker | undefined;
  private isStarted = false;
  private overlays: readonly Overlay[] | undefined;
  private isStopping = false;
  private failures = 0;
  private restart: NodeJS.Timeout | undefined;

  constructor(options: WorkerHostOptions, listener: WorkerListener) {
    this.options = options;
    this.listener = listener;
    this.intake = new ManifestIntake(options.tenantKey);
    process.once("exit", this.endProcesses);
  }

  /**
   * Starts the worker. When this resolves, everything is open, and what an earlier run left is being served.
   *
   * @throws what the worker cannot begin for, and ServeError `serve/worker-died`
   */
  async open(): Promise<void> {
    // The threads that read files for both take on the priority of who needs them first: that must not be the worker.
    await stat(import.meta.filename);
    return new Promise((resolve, reject) => this.launch(resolve, reject));
  }

  /** Lets the worker reconcile, this one and each that comes after it. */
  start(): void {
    this.isStarted = true;
    this.begin();
  }

  /** What the fleet's store adds to policy, whole; kept for each worker that comes after this one. */
  takeOverlays(overlays: readonly Overlay[]): void {
    this.overlays = overlays;
    if (this.isStarted) this.tell({ kind: "overlays", overlays });
  }

  private begin(): void {
    const { overlays } = this;
    // First, so that nothing is published that would lift a halt.
    if (overlays !== undefined) this.tell({ kind: "overlays", overlays });
    this.tell({ kind: "start" });
  }

  /** Something may have changed. */
  look(): void {
    this.tell({ kind: "look" });
  }

  /** All that is served now, in steps, for somebody who has none of it. */
  wholeManifest(): Iterable<ManifestStep> {
    return this.intake.whole();
  }

  /** Ends the worker, which finishes what takes no time. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.restart);
    const { worker } = this;
    if (worker !== undefined) {
      const ended = new Promise((resolve) => worker.once("exit", resolve));
      this.tell({ kind: "stop" });
      const timer = setTimeout(() => worker.terminate(), STOP_GRACE_MS);
      await ended;
      clearTimeout(timer);
    }
    process.removeListener("exit", this.endProcesses);
    this.endProcesses();
  }

  private tell(message: ToWorker): void {
    this.worker?.postMessage(message);
  }

  /** @param isReady called once it is; @param isDead called when it ended before that, or later with why */
  private launch(isReady: () => void, isDead: (why: Error) => void): void {
    const { input, memory, entry = ENTRY } = this.options;
    const worker = new Worker(entry, {
      workerData: input,
      resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    this.worker = worker;
    this.intake.forgetWaiting();
    let isOpen = false;
    let why: Error | undefined;
    worker.on("message", (message: FromWorker) => {
      switch (message.kind) {
        case "ready":
          isOpen = true;
          isReady();
          break;
        case "failed":
          why = receiveError(message.error);
          break;
        default:
          this.receive(message);
      }
    });
    worker.on("error", (error) => {
      why = this.death(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on("exit", () => {
      this.worker = undefined;
      this.endProcesses();
      if (this.isStopping && isOpen) return;
      const cause = why ?? this.death(new Error("it ended by itself"));
      if (isOpen) this.bury(cause);
      else isDead(cause);
    });
  }

  private receive(message: Exclude<FromWorker, { kind: "ready" | "failed" }>): void {
    const { listener, intake } = this;
    switch (message.kind) {
      case "files":
        intake.add(message.batch);
        this.options.onStep?.(message);
        this.tell({ kind: "taken" });
        break;
      case "switch":
        listener.manifest(intake.switchTo(message.head));
        this.options.onStep?.(message);
        this.tell({ kind: "taken" });
        break;
      case "store-damaged":
        listener.storeDamaged(receiveError(message.error));
        break;
      case "outcome": {
        this.failures = 0;
        const { reported, error, seconds } = message;
        listener.outcome({ ...reported, ...receivedError(error) }, seconds);
        break;
      }
      case "resigned":
        listener.resigned(message.signed);
        break;
      case "resign-failed":
        listener.resignFailed(receiveError(message.error));
        break;
      case "checks":
        listener.checks(message.checks);
        break;
      case "overlaid":
        listener.overlaid(message.signed);
        break;
      case "overlay-failed":
        listener.overlayFailed(receiveError(message.error));
        break;
      case "settle-failed":
        listener.settleFailed(receiveError(message.error));
        break;
      case "proposals":
        listener.proposals(message.standing);
        break;
      case "lines":
        listener.standing(message.standing);
        break;
      case "count-devices":
        void this.countDevices(message.id, message.products);
        break;
      case "process":
        if (message.isRunning) this.processes.add(message.pid);
        else this.processes.delete(message.pid);
        break;
    }
  }

  private async countDevices(id: number, products: readonly string[]): Promise<void> {
    const counts = await this.options.countDevices?.(products).catch(() => undefined);
    this.tell({ kind: "devices-counted", id, ...(counts === undefined ? {} : { counts }) });
  }

  private death(cause: Error): ServeError {
    const isMemory = "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
    const why = isMemory ? `it needed more than ${this.options.memory} MiB of memory` : cause.message;
    const help = isMemory
      ? "give it more with --worker-memory, or make the state smaller"
      : "this is a defect of Fairlead, please report it with the log";
    return new ServeError("serve/worker-died", `the thread that reconciles died: ${why}`, { help, cause });
  }

  private bury(cause: Error): void {
    this.listener.died(cause);
    this.startLater();
  }

  private startLater(): void {
    const seconds = Math.min(RESTART_SECONDS.longest, RESTART_SECONDS.first * 2 ** this.failures);
    this.failures++;
    this.restart = setTimeout(() => {
      this.launch(
        () => {
          if (this.isStarted) this.begin();
        },
        (why) => this.bury(why),
      );
    }, seconds * 1000);
  }

  /** Kills what a worker left behind that could not do it itself. */
  private readonly endProcesses = (): void => {
    for (const pid of this.processes) killProcessGroup(pid);
    this.processes.clear();
  };
}

function receivedError(error: SentError | undefined): { readonly error?: Error } {
  return error === undefined ? {} : { error: receiveError(error) };
}
