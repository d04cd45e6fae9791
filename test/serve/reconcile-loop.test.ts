import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Overlay } from "../../controller/desired/overlay.ts";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import type { ReconcileOutcome } from "../../controller/reconcile/outcome.ts";
import { ReconcileLoop, type ReconcileLoopParts } from "../../controller/reconcile/reconcile-loop.ts";
import type { Rewind } from "../../controller/reconcile/rewind.ts";
import { ServedModel } from "../../controller/reconcile/served-model.ts";
import { SourceError } from "../../controller/source/source-error.ts";
import { NOW, sampleManifest } from "../http/sample-manifest.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Parts whose source can be held back and made to fail; nothing else of a reconcile is reached. */
class FakeParts {
  readonly outcomes: ReconcileOutcome[] = [];
  readonly served: PublishedManifest[] = [];
  resignable: PublishedManifest | undefined;
  /** What publishing overlays gives, after it has failed for these reasons. */
  overlaid: PublishedManifest | undefined;
  readonly overlayErrors: Error[] = [];
  readonly taken: (readonly Overlay[])[] = [];
  readonly failures: unknown[] = [];
  accepted: Rewind | undefined;
  looks = 0;
  running = 0;
  mostAtOnce = 0;
  head: () => Promise<string> = async () => sampleManifest().commit;
  tidy: () => Promise<void> = async () => {};

  get parts(): ReconcileLoopParts {
    const source = {
      head: async () => {
        this.looks++;
        this.running++;
        this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
        try {
          return await this.head();
        } finally {
          this.running--;
        }
      },
      descends: async () => false,
      snapshot: () => Promise.reject(new Error("not reached")),
      histories: () => Promise.reject(new Error("not reached")),
      removedVersions: async () => [],
      removed: () => Promise.reject(new Error("not reached")),
    };
    return {
      source,
      editing: false,
      accepted: () => this.accepted,
      judgeSignatures: undefined,
      servedModel: new ServedModel(source),
      gap: () => assert.fail("not reached"),
      publish: () => assert.fail("not reached"),
      resign: async () => {
        const manifest = this.resignable;
        this.resignable = undefined;
        return manifest;
      },
      takeOverlays: (overlays) => void this.taken.push(overlays),
      publishOverlays: async () => {
        const error = this.overlayErrors.shift();
        if (error !== undefined) throw error;
        const manifest = this.overlaid;
        this.overlaid = undefined;
        return manifest;
      },
      settle: () => {},
      tidy: () => this.tidy(),
      serve: async (manifest) => void this.served.push(manifest),
      now: () => NOW,
      report: {
        outcome: ({ outcome }) => void this.outcomes.push(outcome),
        resigned: () => {},
        overlaid: () => {},
        overlayFailed: (error) => void this.failures.push(error),
        resignFailed: (error) => assert.fail(String(error)),
        settleFailed: (error) => assert.fail(String(error)),
      },
    };
  }
}

test("triggers that come while a reconcile runs are one more reconcile, and never two at once", async (t) => {
  const fake = new FakeParts();
  const gate = Promise.withResolvers<string>();
  fake.head = () => gate.promise;
  const loop = new ReconcileLoop(fake.parts, sampleManifest());
  t.after(() => loop.stop());
  for (let count = 0; count < 50; count++) loop.trigger();
  await waitUntil("the first look", () => (fake.looks === 1 ? true : undefined));
  for (let count = 0; count < 50; count++) loop.trigger();
  fake.head = async () => "f".repeat(40);
  gate.resolve("e".repeat(40));
  await waitUntil("the second outcome", () => (fake.outcomes.length === 2 ? true : undefined));
  await loop.stop();
  assert.equal(fake.looks, 2);
  assert.equal(fake.mostAtOnce, 1);
});

test("a source that is out of reach is asked again by itself, and a mistake of a person is not", async (t) => {
  const fake = new FakeParts();
  const failures = [
    new SourceError("source/repository-unreachable", "no route"),
    new SourceError("source/git-missing", "git is not there", { help: "install git" }),
  ];
  fake.head = async () => {
    throw failures.shift() ?? new Error("asked once too often");
  };
  const loop = new ReconcileLoop(fake.parts, sampleManifest());
  t.after(() => loop.stop());
  loop.trigger();
  await waitUntil("two outcomes", () => (fake.outcomes.length === 2 ? true : undefined));
  assert.deepEqual(
    fake.outcomes.map(({ kind }) => kind),
    ["waiting", "stalled"],
  );
});

test("a mirror is put in order after the outcome is told, and the next look waits until it is", async (t) => {
  const fake = new FakeParts();
  const gate = Promise.withResolvers<void>();
  fake.tidy = () => gate.promise;
  const loop = new ReconcileLoop(fake.parts, sampleManifest());
  t.after(() => loop.stop());
  loop.trigger();
  await waitUntil("the outcome", () => (fake.outcomes.length === 1 ? true : undefined));
  loop.trigger();
  await setImmediate();
  assert.equal(fake.looks, 1);
  // Whatever was wrong with it is told by the look that meets it again.
  gate.reject(new SourceError("source/timeout", "git repack did not finish"));
  await waitUntil("the second outcome", () => (fake.outcomes.length === 2 ? true : undefined));
  assert.equal(fake.outcomes[1]?.kind, "published");
});

test("a full disk may heal by itself, a defect does not", async (t) => {
  const fake = new FakeParts();
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
    syscall: "write",
  });
  const errors: Error[] = [full, new TypeError("undefined is not a function")];
  fake.head = async () => {
    throw errors.shift() ?? new Error("asked once too often");
  };
  const loop = new ReconcileLoop(fake.parts, sampleManifest());
  t.after(() => loop.stop());
  loop.trigger();
  await waitUntil("two outcomes", () => (fake.outcomes.length === 2 ? true : undefined));
  const [first, second] = fake.outcomes;
  assert.ok(first?.kind === "waiting" && first.cause.code === "system/disk-full");
  assert.ok(second?.kind === "stalled" && second.cause.code === "internal/defect");
});

test("a commit that does not follow is held and nothing of it is read", async (t) => {
  const fake = new FakeParts();
  // It was accepted once, from what was served then: nobody removed the note.
  fake.accepted = { commit: "f".repeat(40), servedCommit: "0".repeat(40) };
  fake.head = async () => "f".repeat(40);
  const loop = new ReconcileLoop(fake.parts, sampleManifest());
  t.after(() => loop.stop());
  loop.trigger();
  await waitUntil("the outcome", () => (fake.outcomes.length > 0 ? true : undefined));
  const [outcome] = fake.outcomes;
  assert.ok(outcome?.kind === "held" && outcome.commit === "f".repeat(40));
  assert.deepEqual(fake.served, []);
});

test("a timestamp that is due is signed and served, also while the source is out of reach", async (t) => {
  const fake = new FakeParts();
  const fresh = sampleManifest({ version: 8 });
  fake.resignable = fresh;
  fake.head = async () => {
    throw new SourceError("source/repository-unreachable", "no route");
  };
  const loop = new ReconcileLoop(fake.parts, sampleManifest({ version: 7 }));
  t.after(() => loop.stop());
  loop.trigger();
  await waitUntil("the new timestamp", () => (fake.served.length > 0 ? true : undefined));
  assert.deepEqual(fake.served, [fresh]);
});

test("a halt is published and served while a look at the source hangs, and nothing older is served after it", async (t) => {
  const fake = new FakeParts();
  const hanging = Promise.withResolvers<string>();
  fake.head = () => hanging.promise;
  const loop = new ReconcileLoop(fake.parts, sampleManifest({ version: 7 }));
  t.after(() => loop.stop());
  loop.trigger();
  await waitUntil("the look", () => (fake.looks === 1 ? true : undefined));
  const halted = sampleManifest({ version: 8 });
  fake.overlaid = halted;
  loop.takeOverlays([]);
  await waitUntil("the halt", () => (fake.served.length > 0 ? true : undefined));
  assert.deepEqual(fake.served, [halted]);
  hanging.resolve(halted.commit);
});

test("overlays that cannot be published are tried again by themselves", async (t) => {
  const fake = new FakeParts();
  fake.overlayErrors.push(new Error("the disk is full"));
  const halted = sampleManifest({ version: 8 });
  fake.overlaid = halted;
  const loop = new ReconcileLoop(fake.parts, sampleManifest({ version: 7 }));
  t.after(() => loop.stop());
  loop.takeOverlays([]);
  await waitUntil("the halt", () => (fake.served.length > 0 ? true : undefined));
  assert.equal(fake.failures.length, 1);
  assert.deepEqual(fake.served, [halted]);
});
