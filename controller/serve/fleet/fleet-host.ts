import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { GateChecks } from "../../desired/gate-checks.ts";
import type { Overlay } from "../../desired/overlay.ts";
import { FleetError } from "../../fleet/fleet-error.ts";
import type { FleetEvent } from "../../fleet/fleet-event.ts";
import type { FleetService } from "../../fleet/fleet-service.ts";
import type { ManifestStep } from "../../http/manifest/manifest-change.ts";
import type { StandingRollout } from "../../http/rollout-metrics.ts";
import type { LogLevel } from "../../rollout/log-rollouts.ts";
import { receiveError } from "../sent-error.ts";
import { ServeError } from "../serve-error.ts";
import { type FleetCall, remoteFleet } from "./fleet-calls.ts";
import type { FleetInput, FromFleet, ToFleet } from "./messages.ts";

/** Where the thread's code is: TypeScript in a checkout, compiled in the package. */
const ENTRY = new URL(`./fleet-worker${extname(import.meta.filename)}`, import.meta.url);
/** Milliseconds for which a start waits for the database; a large one that is brought to a new format takes longer. */
const OPEN_PATIENCE_MS = 10_000;
/** Milliseconds for what is under way to reach the disk; by then every answer that is owed would have been too late. */
const STOP_GRACE_MS = 5_000;
/** Milliseconds in which a device is answered. */
const DEVICE_DEADLINE_MS = 10_000;
/** Milliseconds for what people ask of the store. Upkeep takes as long as it takes. */
const PERSON_DEADLINE_MS = 30_000;
/** First and longest wait before a thread that died is started anew, seconds. */
const RESTART_SECONDS = { first: 1, longest: 60 } as const;
/** Milliseconds of a good life after which the next death counts as the first. */
const GOOD_LIFE_MS = 60_000;

/** Most MiB for what the thread has just made; by itself it grows while a manifest is read, and stays. */
const YOUNG_MIB = 24;

/** Who is told what the thread says by itself. */
export interface FleetListener {
  overlays(overlays: readonly Overlay[]): void;
  standing(records: readonly StandingRollout[]): void;
  line(level: LogLevel, fields: Readonly<Record<string, unknown>>, text: string): void;
  events(events: readonly FleetEvent[]): void;
  warning(event: string, message: string): void;
  /** It has died, or cannot begin, and is started anew; the manifest is served all the same. */
  died(error: Error): void;
  /** It works again after it had died. */
  recovered(): void;
}

export interface FleetHostOptions {
  readonly input: FleetInput;
  /** All that is served, for a thread that has just begun. */
  readonly wholeManifest: () => Iterable<ManifestStep>;
  /** Most MiB of memory for what the thread computes with. */
  readonly memory: number;
  /** Another program for the thread; for tests. */
  readonly entry?: URL;
}

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: NodeJS.Timeout | undefined;
}

/**
 * Runs the thread that has the fleet's database: hands calls over, passes on every manifest that is served, and starts it
 * anew when it died. Without it, calls are refused (`fleet/unavailable`), and nothing else stops.
 */
export class FleetHost {
  /** Every call is answered, or refused with `fleet/unavailable` where the thread cannot. */
  readonly service: FleetService = remoteFleet((call, args) => this.send(call, args));
  private readonly options: FleetHostOptions;
  private readonly listener: FleetListener;
  private readonly pending = new Map<number, PendingCall>();
  /** What is served, as far as a thread that has just begun does not have it yet; then what came after. */
  private whole: Iterator<ManifestStep> | undefined;
  private readonly steps: ManifestStep[] = [];
  private gateChecks: GateChecks | undefined;
  private isTakingStep = false;
  private lastCall = 0;
  private worker: Worker | undefined;
  /** Its database is open, and it takes manifests. */
  private isOpen = false;
  /** It knows what is served, so that it can judge by it. */
  private isReady = false;
  private isStopping = false;
  private failures = 0;
  private readyAt = 0;
  private restart: NodeJS.Timeout | undefined;
  private onSettled: () => void = () => undefined;

  constructor(options: FleetHostOptions, listener: FleetListener) {
    this.options = options;
    this.listener = listener;
  }

  /**
   * Starts the thread. Resolves when it works, has said why it does not, or takes its time: it is started again, or waited
   * for, later, since the manifest has to be served whatever becomes of the fleet.
   */
  open(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, OPEN_PATIENCE_MS);
      this.launch(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** A step of a manifest that is served. */
  manifest(step: ManifestStep): void {
    // A thread that begins gets the whole.
    if (!this.isOpen) return;
    this.steps.push(step);
    this.sendStep();
  }

  /** What state asks of running versions; kept for each thread that comes after this one. */
  checks(checks: GateChecks): void {
    this.gateChecks = checks;
    if (this.isOpen) this.tell({ kind: "checks", checks });
  }

  /** Ends the thread, once what is under way is on disk. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.restart);
    const { worker } = this;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    this.tell({ kind: "stop" });
    const timer = setTimeout(() => worker.terminate(), STOP_GRACE_MS);
    await ended;
    clearTimeout(timer);
  }

  private tell(message: ToFleet): void {
    this.worker?.postMessage(message);
  }

  private async send(call: FleetCall, args: readonly unknown[]): Promise<unknown> {
    if (!this.isReady || this.isStopping) throw unavailable("it is being started");
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = ++this.lastCall;
    this.pending.set(id, { resolve, reject, deadline: this.deadlineOf(id, call) });
    this.tell({ kind: "call", id, call, args });
    return promise;
  }

  private deadlineOf(id: number, { on }: FleetCall): NodeJS.Timeout | undefined {
    if (on === "upkeep") return undefined;
    const deadline = on === "desk" ? DEVICE_DEADLINE_MS : PERSON_DEADLINE_MS;
    return setTimeout(() => this.settle(id)?.reject(unavailable("it did not answer in time")), deadline);
  }

  /** The call with this number, which is no longer waited for. */
  private settle(id: number): PendingCall | undefined {
    const call = this.pending.get(id);
    this.pending.delete(id);
    clearTimeout(call?.deadline);
    return call;
  }

  /** One step at a time, so that between two of them check-ins are answered. */
  private sendStep(): void {
    if (this.isTakingStep) return;
    const step = this.nextStep();
    if (step === undefined) {
      this.becomeReady();
      return;
    }
    this.isTakingStep = true;
    this.tell({ kind: "manifest", step });
  }

  private nextStep(): ManifestStep | undefined {
    const next = this.whole?.next();
    if (next?.done === false) return next.value;
    this.whole = undefined;
    return this.steps.shift();
  }

  private becomeReady(): void {
    if (this.isReady) return;
    this.isReady = true;
    this.readyAt = performance.now();
    this.onSettled();
    if (this.failures > 0) this.listener.recovered();
  }

  /** @param onSettled called when it works or has died */
  private launch(onSettled: () => void = () => undefined): void {
    this.onSettled = onSettled;
    const { input, memory, entry = ENTRY } = this.options;
    const worker = new Worker(entry, {
      workerData: input,
      resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    this.worker = worker;
    let why: Error | undefined;
    worker.on("message", (message: FromFleet) => {
      if (message.kind === "failed") why = receiveError(message.error);
      else this.receive(message);
    });
    worker.on("error", (error) => {
      why = died(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on("exit", () => {
      this.worker = undefined;
      this.isOpen = false;
      this.isReady = false;
      this.isTakingStep = false;
      this.whole = undefined;
      this.steps.length = 0;
      for (const id of this.pending.keys()) this.settle(id)?.reject(unavailable("it has died"));
      if (!this.isStopping) this.bury(why ?? died(new Error("it ended by itself")));
      onSettled();
    });
  }

  private receive(message: Exclude<FromFleet, { kind: "failed" }>): void {
    switch (message.kind) {
      case "ready":
        this.isOpen = true;
        this.whole = this.options.wholeManifest()[Symbol.iterator]();
        if (this.gateChecks !== undefined) this.tell({ kind: "checks", checks: this.gateChecks });
        this.sendStep();
        break;
      case "taken":
        this.isTakingStep = false;
        this.sendStep();
        break;
      case "answer":
        this.settle(message.id)?.resolve(message.value);
        break;
      case "refusal":
        this.settle(message.id)?.reject(receiveError(message.error));
        break;
      case "overlays":
        this.listener.overlays(message.overlays);
        break;
      case "standing":
        this.listener.standing(message.records);
        break;
      case "line":
        this.listener.line(message.level, message.fields, message.text);
        break;
      case "events":
        this.listener.events(message.events);
        break;
      case "warning":
        this.listener.warning(message.event, message.message);
        break;
    }
  }

  private bury(cause: Error): void {
    this.listener.died(cause);
    if (this.readyAt > 0 && performance.now() - this.readyAt > GOOD_LIFE_MS) this.failures = 0;
    this.readyAt = 0;
    const seconds = Math.min(RESTART_SECONDS.longest, RESTART_SECONDS.first * 2 ** this.failures);
    this.failures++;
    this.restart = setTimeout(() => this.launch(), seconds * 1000);
  }
}

function unavailable(why: string): FleetError {
  return new FleetError("fleet/unavailable", `the part that knows the fleet does not answer: ${why}`);
}

function died(cause: Error): ServeError {
  return new ServeError("serve/fleet-died", `the thread that knows the fleet died: ${cause.message}`, {
    help: "this is a defect of Fairlead, please report it with the log",
    cause,
  });
}
