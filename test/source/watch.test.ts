import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openRepository } from "../../controller/source/git-repository.ts";
import { watchLocal, watchRemote } from "../../controller/source/watch.ts";
import { ScratchRepository, scratchFolder } from "./scratch-repository.ts";

/** A look that can be awaited: `next` resolves at the look after it was asked for. */
function countedLooks() {
  let waiting = Promise.withResolvers<void>();
  const looks = {
    count: 0,
    look: async () => {
      looks.count += 1;
      waiting.resolve();
      waiting = Promise.withResolvers<void>();
    },
    next: () => waiting.promise,
  };
  return looks;
}

test("a commit, a packed ref and a commit in a linked work tree are each noticed by their events", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.promote("1.0.0");
  const linked = join(scratchFolder(t), "linked");
  scratch.git("worktree", "add", "-q", "-b", "side", linked);
  const repository = await openRepository(linked);
  assert.notEqual(repository.gitDir, repository.commonDir);
  const looks = countedLooks();
  const watch = await watchLocal(repository, looks.look);
  t.after(() => watch.close());
  for (const act of [
    () => scratch.promote("1.1.0"),
    () => scratch.git("-C", linked, "commit", "-q", "--allow-empty", "-m", "side"),
    () => scratch.git("branch", "feature/deep"),
    () => scratch.git("pack-refs", "--all"),
  ]) {
    const seen = looks.next();
    act();
    await seen;
  }
});

test("requests while a look runs become exactly one more", async (t) => {
  const gate = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  let count = 0;
  const watch = watchRemote(3_600_000, async () => {
    count += 1;
    if (count === 2) second.resolve();
    await gate.promise;
  });
  t.after(() => watch.close());
  for (let index = 0; index < 10; index += 1) watch.notify();
  assert.equal(count, 1);
  gate.resolve();
  await second.promise;
  await watch.close();
  assert.equal(count, 2);
});

test("a remote is looked at again and again, also after a failure", async (t) => {
  const third = Promise.withResolvers<void>();
  let count = 0;
  const watch = watchRemote(5, async () => {
    count += 1;
    if (count === 3) third.resolve();
    throw new Error("unreachable");
  });
  t.after(() => watch.close());
  await third.promise;
});
