import assert from "node:assert/strict";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { NOTHING_SERVED } from "../../controller/http/served-state.ts";
import { KeptNotifications } from "../../controller/notify/kept-notifications.ts";
import type { Message } from "../../controller/notify/message.ts";
import { Notifier, type NotifierParts } from "../../controller/notify/notifier.ts";
import type { Delivery } from "../../controller/notify/outbox.ts";
import type { Receiver } from "../../controller/notify/receiver.ts";
import type { MachineCounts } from "../../controller/notify/situation.ts";
import type { ReconcileOutcome } from "../../controller/reconcile/outcome.ts";
import { createLog } from "../../controller/serve/log.ts";
import { temporaryFolder } from "../serve/serve-process.ts";
import { waitUntil } from "../support/wait-until.ts";

const NOW = 1_800_000_000;

function receiver(name: string, more: Partial<Receiver> = {}): Receiver {
  const way = { kind: "webhook", url: "http://127.0.0.1/", allowPrivate: true } as const;
  return { name, way, route: {}, repeatAfter: 86_400, burst: 10, ...more };
}

/** A notifier over a real folder, whose source can be said to be unseen or not. */
class Story {
  readonly sent: { readonly to: string; readonly message: Message }[] = [];
  readonly counted: string[] = [];
  now = NOW;
  stale = 0;
  answer: (to: string) => Promise<Delivery> | Delivery = () => ({ kind: "delivered" });
  private readonly t: TestContext;
  private readonly folder: string;

  private constructor(t: TestContext, folder: string) {
    this.t = t;
    this.folder = folder;
  }

  static async begin(t: TestContext): Promise<Story> {
    return new Story(t, await temporaryFolder(t));
  }

  get file(): string {
    return join(this.folder, "notifications.json");
  }

  start(receivers: readonly Receiver[], more: Partial<NotifierParts> = {}): Notifier {
    const notifier = new Notifier({
      receivers,
      kept: new KeptNotifications(this.folder),
      observe: () => {
        const lags = Array.from({ length: this.stale }, (_, index) => ({
          ...{ product: "agent", channel: `c${index}`, version: "1.0.0", waiting: "1.1.0" },
          ...{ since: NOW - 10, freshUntil: NOW - 1 },
        }));
        const outcome: ReconcileOutcome = {
          ...{ kind: "published", commit: "c".repeat(40), version: 1, at: this.now },
          ...{ diagnostics: [], acknowledged: 0 },
        };
        const served = { ...NOTHING_SERVED, lags, outcome };
        return { served, standing: undefined, startedAt: NOW, now: this.now };
      },
      deliver: async ({ name }, message) => {
        this.sent.push({ to: name, message });
        return this.answer(name);
      },
      origin: undefined,
      count: (name, result, news) => void this.counted.push(`${name} ${result} ${news}`),
      log: createLog("silent"),
      now: () => this.now,
      random: () => 0,
      ...more,
    });
    this.t.after(() => notifier.stop());
    notifier.start();
    return notifier;
  }

  titles(to: string): string[] {
    return this.sent.filter((one) => one.to === to).map(({ message }) => message.title);
  }

  async hears(to: string, count: number): Promise<void> {
    await waitUntil(`${to} to hear ${count}`, () => (this.titles(to).length >= count ? true : undefined));
  }
}

test("a receiver that never answers holds up no other, and what waited for it is sent after a restart with the same id", async (t) => {
  const story = await Story.begin(t);
  story.stale = 1;
  story.answer = (to) => (to === "slow" ? new Promise(() => undefined) : { kind: "delivered" });
  let end: () => void = () => undefined;
  const deliver: NotifierParts["deliver"] = async ({ name }, message, stop) => {
    story.sent.push({ to: name, message });
    if (name !== "slow") return { kind: "delivered" };
    return new Promise((resolve) => {
      end = () => resolve({ kind: "failed", why: "cut off" });
      stop.addEventListener("abort", () => end());
    });
  };
  const first = story.start([receiver("slow"), receiver("quick")], { deliver });
  await story.hears("slow", 1);
  await story.hears("quick", 1);
  story.stale = 2;
  first.changed();
  await story.hears("quick", 2);
  assert.equal(first.waiting().get("slow"), 2);
  await first.stop();
  story.answer = () => ({ kind: "delivered" });
  story.start([receiver("slow"), receiver("quick")]);
  await story.hears("slow", 3);
  const ids = story.sent.filter(({ to }) => to === "slow").map(({ message }) => message.id);
  assert.equal(ids[0], ids[1], "the same message after the restart");
  assert.equal(story.titles("quick").length, 2, "who was told is not told again");
});

test("many at once become one message, and each end is told once", async (t) => {
  const story = await Story.begin(t);
  const notifier = story.start([receiver("ops", { burst: 3 })]);
  story.stale = 20;
  notifier.changed();
  await story.hears("ops", 1);
  assert.deepEqual(story.titles("ops"), ["20 pieces of news"]);
  assert.equal(story.sent[0]?.message.lines.length, 20);
  story.now += 61;
  story.stale = 19;
  notifier.changed();
  await story.hears("ops", 2);
  assert.deepEqual(story.titles("ops").slice(1), ["agent: c19 is stale no more"]);
  assert.deepEqual(story.counted, ["ops delivered 20", "ops delivered 1"]);
});

test("what a receiver will never take is given up and counted, and the next goes out", async (t) => {
  const story = await Story.begin(t);
  story.answer = () => ({ kind: "refused", why: "400" });
  story.stale = 1;
  const notifier = story.start([receiver("ops")]);
  await waitUntil("it to be given up", () => (story.counted.includes("ops given-up 1") ? true : undefined));
  story.answer = () => ({ kind: "delivered" });
  story.stale = 2;
  notifier.changed();
  await story.hears("ops", 2);
  assert.deepEqual(story.titles("ops"), ["agent: c0 is stale at 1.0.0", "agent: c1 is stale at 1.0.0"]);
});

test("where nothing can be written, people are told all the same, and it is said", async (t) => {
  const story = await Story.begin(t);
  // A folder in the place of the temporary file.
  await mkdir(`${story.file}.tmp/full`, { recursive: true });
  const lines: string[] = [];
  const log = createLog("silent");
  log.error = ((fields: { event: string }) => void lines.push(fields.event)) as typeof log.error;
  story.stale = 1;
  const notifier = story.start([receiver("ops")], { log });
  await story.hears("ops", 1);
  assert.deepEqual(lines, ["notify.unkept"]);
  await rmdir(`${story.file}.tmp/full`);
  await rmdir(`${story.file}.tmp`);
  story.stale = 2;
  notifier.changed();
  await story.hears("ops", 2);
  await notifier.stop();
  assert.match(await readFile(story.file, "utf8"), /stale agent\/c1/);
});

test("a file that is damaged is no news: what lasts is told, what happened before is not", async (t) => {
  const story = await Story.begin(t);
  await writeFile(story.file, '{"receivers": [{"name": "ops", "told": [{"key": 1}], "outbox": 7}, 3]}');
  story.stale = 1;
  story.start([receiver("ops")]);
  await story.hears("ops", 1);
  assert.deepEqual(story.titles("ops"), ["agent: c0 is stale at 1.0.0"]);
});

test("a database that does not answer delays no other news, and what it says later is told", async (t) => {
  const story = await Story.begin(t);
  story.stale = 1;
  const asked = Promise.withResolvers<MachineCounts>();
  story.start([receiver("ops")], { countMachines: () => asked.promise });
  await story.hears("ops", 1);
  asked.resolve({ all: 100, silent: 40, stranded: [] });
  await story.hears("ops", 2);
  assert.equal(story.titles("ops")[1], "40 of 100 machines have been silent for a day");
});
