import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readBounded } from "../files/read-bounded.ts";
import { EVENTS, isEventName, type News, type Phase, type Subject } from "./fact.ts";
import { MOST_TOLD, type Told, type ToldFacts } from "./next-news.ts";
import { EMPTY_OUTBOX, MOST_WAITING, type Outbox } from "./outbox.ts";

/** What is remembered of one receiver. `told` is absent: it was never told anything. */
export interface KeptReceiver {
  readonly told: ToldFacts | undefined;
  readonly outbox: Outbox;
}

export const NEW_RECEIVER: KeptReceiver = { told: undefined, outbox: EMPTY_OUTBOX };

/** By name. */
export type KeptReceivers = ReadonlyMap<string, KeptReceiver>;

const FILE = "notifications.json";
const MOST_BYTES = 64 * 1024 * 1024;

/** What receivers were told, in the state folder. */
export class KeptNotifications {
  private readonly file: string;

  constructor(stateFolder: string) {
    this.file = join(stateFolder, FILE);
  }

  /** @returns nothing where the file is not there, or cannot be used: what happened before is no news then */
  read(): KeptReceivers {
    try {
      const text = readBounded(this.file, MOST_BYTES)?.toString("utf8");
      return text === undefined ? new Map() : readKept(text);
    } catch {
      return new Map();
    }
  }

  /** Replaces the file as a whole, without holding up this thread. One at a time. @throws the system's error */
  async write(kept: KeptReceivers): Promise<void> {
    const temporary = `${this.file}.tmp`;
    try {
      const handle = await open(temporary, "w", 0o600);
      try {
        await handle.writeFile(writeKept(kept));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.file);
      if (process.platform !== "win32") await syncFolder(dirname(this.file));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

export function writeKept(kept: KeptReceivers): string {
  const receivers = [...kept].map(([name, { told, outbox }]) => ({
    name,
    ...(told === undefined ? {} : { told: [...told].map(([key, one]) => ({ key, ...one })) }),
    outbox,
  }));
  return `${JSON.stringify({ format: 1, receivers })}\n`;
}

/** What cannot be understood is left out: a receiver as a whole, or one thing that waited for it. */
export function readKept(text: string): KeptReceivers {
  const { receivers } = recordOf(JSON.parse(text));
  const kept = new Map<string, KeptReceiver>();
  for (const one of listOf(receivers)) {
    const { name, told, outbox } = recordOf(one);
    if (typeof name !== "string") continue;
    const known =
      told === undefined ? undefined : new Map(listOf(told).slice(0, MOST_TOLD).flatMap(readTold));
    kept.set(name, { told: known, outbox: readOutbox(recordOf(outbox)) });
  }
  return kept;
}

function readTold(value: unknown): [string, Told][] {
  const { key, area, variant, event, subject, title, page, at, firstToldAt, toldAt, times } = recordOf(value);
  if (typeof key !== "string" || typeof area !== "string" || typeof variant !== "string") return [];
  if (typeof event !== "string" || !isEventName(event)) return [];
  if (typeof title !== "string" || typeof page !== "string") return [];
  const told = { area, variant, event, subject: readSubject(recordOf(subject)), title, page };
  const when = { at: count(at), firstToldAt: count(firstToldAt), toldAt: count(toldAt) };
  return [[key, { ...told, ...when, times: count(times) }]];
}

function readOutbox(value: Readonly<Record<string, unknown>>): Outbox {
  const { sending, waiting, failures, firstTriedAt, notBefore, deliveredAt } = value;
  return {
    sending: listOf(sending).slice(0, MOST_WAITING).flatMap(readNews),
    waiting: listOf(waiting).slice(0, MOST_WAITING).flatMap(readNews),
    failures: count(failures),
    firstTriedAt: count(firstTriedAt),
    notBefore: count(notBefore),
    deliveredAt: listOf(deliveredAt).slice(0, 1000).map(count),
  };
}

const PHASES: readonly Phase[] = ["happened", "began", "lasts", "ended"];

function readNews(value: unknown): News[] {
  const { id, thread, event, phase, subject, at, title, lines, page } = recordOf(value);
  if (typeof id !== "string" || typeof thread !== "string" || typeof event !== "string") return [];
  const known = PHASES.find((one) => one === phase);
  if (!isEventName(event) || known === undefined) return [];
  if (EVENTS[event].kind === "happening" && known !== "happened") return [];
  if (typeof title !== "string" || typeof page !== "string") return [];
  const said = listOf(lines).filter((line) => typeof line === "string");
  return [
    {
      ...{ id, thread, event, phase: known, title, page, lines: said },
      ...{ subject: readSubject(recordOf(subject)), at: count(at) },
    },
  ];
}

function readSubject(value: Readonly<Record<string, unknown>>): Subject {
  const names = ["product", "channel", "version", "commit", "role"] as const;
  return Object.fromEntries(
    names.flatMap((name) => (typeof value[name] === "string" ? [[name, value[name]]] : [])),
  );
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function count(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
