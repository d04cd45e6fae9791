import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Page } from "../../fleet/store/fleet-store.ts";
import type { DeviceRecord } from "../../fleet/store/records.ts";
import type { CommitRecord } from "../../preview/commit-records.ts";
import { PreviewError } from "../../preview/preview-error.ts";
import type { PreviewService, ServedLine } from "../../preview/preview-service.ts";
import { killProcessGroup } from "../../source/process-group.ts";
import { receiveError } from "../sent-error.ts";
import type { FromPreview, PreviewInput, PreviewMethod, ToPreview } from "./messages.ts";

/** Where the thread's code is: TypeScript in a checkout, compiled in the package. */
const ENTRY = new URL(`./preview-worker${extname(import.meta.filename)}`, import.meta.url);
/** Questions that wait beside the one that is being answered. */
const MOST_WAITING = 16;
/** Milliseconds from a question to its answer; a push may take longer than a look. */
const DEADLINE_MS: Readonly<Record<PreviewMethod, number>> = {
  history: 30_000,
  commit: 60_000,
  branches: 60_000,
  plan: 120_000,
  prepare: 60_000,
  write: 180_000,
  rootOf: 30_000,
  lines: 30_000,
  note: 120_000,
};
/** Milliseconds without a question after which the thread ends, with all that it has read. */
const IDLE_MS = 120_000;

export interface PreviewHostOptions {
  readonly input: PreviewInput;
  /** A page of the fleet's machines. */
  readonly devices: (after: string | undefined) => Promise<Page<DeviceRecord>>;
  /** Most MiB of memory for what the thread computes with. */
  readonly memory: number;
  /** It died, or was ended because it hung; the next question starts it anew. */
  readonly onDeath: (error: Error) => void;
  /** Another program for the thread; for tests. */
  readonly entry?: URL;
  /** Other times than usual; for tests. */
  readonly deadlineMs?: number;
  readonly idleMs?: number;
}

interface Question {
  readonly id: number;
  readonly method: PreviewMethod;
  readonly args: readonly unknown[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: NodeJS.Timeout;
}

/**
 * Runs the thread that reads git for people: hands it one question at a time, ends it when it takes too long, and starts it
 * anew for the next one. What is served never waits for it.
 */
export class PreviewHost {
  readonly service: PreviewService;
  private readonly options: PreviewHostOptions;
  private readonly waiting: Question[] = [];
  private current: Question | undefined;
  private worker: Worker | undefined;
  private readonly processes = new Set<number>();
  private lastId = 0;
  private isStopping = false;
  private isEnding = false;
  private idle: NodeJS.Timeout | undefined;

  constructor(options: PreviewHostOptions) {
    this.options = options;
    this.service = remotePreview((method, args) => this.ask(method, args));
    process.once("exit", this.endProcesses);
  }

  /** Has what became of a commit noted. Where that fails, history knows less. */
  note(commit: string, record: CommitRecord, before: string | null, line: ServedLine): void {
    this.ask("note", [commit, record, before, line]).catch((error: unknown) => {
      if (!(error instanceof PreviewError)) this.options.onDeath(asError(error));
    });
  }

  /** Ends the thread; questions that wait are refused. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.idle);
    for (const question of [this.current, ...this.waiting.splice(0)]) {
      if (question !== undefined) this.settle(question).reject(unavailable("it is ending"));
    }
    this.current = undefined;
    await this.worker?.terminate();
    process.removeListener("exit", this.endProcesses);
    this.endProcesses();
  }

  private ask(method: PreviewMethod, args: readonly unknown[]): Promise<unknown> {
    if (this.isStopping) return Promise.reject(unavailable("it is ending"));
    if (this.waiting.length >= MOST_WAITING) {
      return Promise.reject(
        new PreviewError("preview/busy", `${MOST_WAITING} questions about git wait already`, {
          help: "try again later",
        }),
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = ++this.lastId;
    const ms = this.options.deadlineMs ?? DEADLINE_MS[method];
    const deadline = setTimeout(() => this.giveUp(id), ms);
    this.waiting.push({ id, method, args, resolve, reject, deadline });
    this.next();
    return promise;
  }

  private next(): void {
    if (this.current !== undefined || this.isStopping || this.isEnding) return;
    clearTimeout(this.idle);
    this.current = this.waiting.shift();
    if (this.current === undefined) {
      this.idle = setTimeout(() => this.rest(), this.options.idleMs ?? IDLE_MS);
      this.idle.unref();
      return;
    }
    this.worker ??= this.launch();
    const { id, method, args } = this.current;
    this.tell({ kind: "call", id, method, args });
  }

  /** Lets the thread go; whoever asks next gets another one. */
  private rest(): void {
    this.tell({ kind: "stop" });
    this.worker = undefined;
  }

  /** A question that took too long: one that waits is taken out; one that is being answered ends the thread. */
  private giveUp(id: number): void {
    const at = this.waiting.findIndex((question) => question.id === id);
    const [late] = at === -1 ? [] : this.waiting.splice(at, 1);
    if (late !== undefined) {
      late.reject(unavailable("others were before it"));
      return;
    }
    if (this.current?.id !== id) return;
    this.options.onDeath(new Error(`\`${this.current.method}\` took too long, and its thread was ended`));
    this.fail(unavailable("it did not answer in time"));
    void this.end();
  }

  /** Nothing is asked of the next thread before this one has ended with all its processes. */
  private async end(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    this.isEnding = true;
    await worker?.terminate();
    this.endProcesses();
    this.isEnding = false;
    this.next();
  }

  private fail(error: Error): void {
    const { current } = this;
    this.current = undefined;
    if (current !== undefined) this.settle(current).reject(error);
  }

  private settle(question: Question): Question {
    clearTimeout(question.deadline);
    return question;
  }

  private tell(message: ToPreview): void {
    this.worker?.postMessage(message);
  }

  private launch(): Worker {
    const { input, memory, entry = ENTRY } = this.options;
    const worker = new Worker(entry, {
      workerData: input,
      resourceLimits: { maxOldGenerationSizeMb: memory },
    });
    let why: Error | undefined;
    worker.on("message", (message: FromPreview) => {
      if (message.kind === "failed") why = receiveError(message.error);
      // What one says that was ended since is nobody's any more.
      else if (message.kind === "process" || this.worker === worker) this.receive(message);
    });
    worker.on("error", (error) => {
      why = asError(error);
    });
    worker.on("exit", () => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.endProcesses();
      if (this.isStopping) return;
      if (this.current !== undefined) {
        const cause = why ?? new Error("it ended by itself");
        this.options.onDeath(cause);
        this.fail(unavailable(deathOf(cause, memory)));
      }
      this.next();
    });
    return worker;
  }

  private receive(message: Exclude<FromPreview, { kind: "failed" }>): void {
    switch (message.kind) {
      case "answer":
      case "refusal": {
        const { current } = this;
        if (current?.id !== message.id) return;
        this.current = undefined;
        this.settle(current);
        if (message.kind === "answer") current.resolve(message.value);
        else current.reject(receiveError(message.error));
        this.next();
        break;
      }
      case "ask-devices":
        void this.sendDevices(message.after);
        break;
      case "process":
        if (message.isRunning) this.processes.add(message.pid);
        else this.processes.delete(message.pid);
        break;
    }
  }

  private async sendDevices(after: string | undefined): Promise<void> {
    const page = await this.options.devices(after).catch(() => null);
    this.tell({ kind: "devices", page });
  }

  /** Kills what a thread left behind that could not do it itself. */
  private readonly endProcesses = (): void => {
    for (const pid of this.processes) killProcessGroup(pid);
    this.processes.clear();
  };
}

const METHODS = {
  history: true,
  commit: true,
  branches: true,
  plan: true,
  prepare: true,
  write: true,
  rootOf: true,
  lines: true,
} as const satisfies Readonly<Record<keyof PreviewService, true>>;

/** `PreviewService` on this side of the threads. */
function remotePreview(
  ask: (method: PreviewMethod, args: readonly unknown[]) => Promise<unknown>,
): PreviewService {
  const names = Object.keys(METHODS).filter((name): name is keyof PreviewService =>
    Object.hasOwn(METHODS, name),
  );
  const service: object = Object.fromEntries(
    names.map((name) => [name, (...args: unknown[]) => ask(name, args)]),
  );
  // What comes over a port has no type: the table above has the names of the interface, and the compiler sees to it.
  return service as PreviewService;
}

function unavailable(why: string): PreviewError {
  return new PreviewError("preview/unavailable", `the part that reads git does not answer: ${why}`, {
    help: "try again; if it stays, the controller's log says why",
  });
}

function deathOf(cause: Error, memory: number): string {
  const isMemory = "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
  return isMemory ? `it needed more than ${memory} MiB of memory (--worker-memory)` : cause.message;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
