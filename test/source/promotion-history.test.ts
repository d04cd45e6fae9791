import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openRepository } from "../../controller/source/git-repository.ts";
import { MAX_PROMOTIONS, readChannelHistories } from "../../controller/source/promotion-history.ts";
import type { ChannelHistories } from "../../controller/source/promotion-record.ts";
import { ScratchRepository } from "./scratch-repository.ts";

async function opened(t: TestContext, scratch: ScratchRepository) {
  const repository = await openRepository(scratch.folder);
  t.after(() => repository.close());
  return repository;
}

const versions = (histories: ChannelHistories, channel = "agent/stable") =>
  histories.get(channel)?.map(({ version }) => version);

test("a channel's history is newest first, with the commit, author and time that promoted each version", async (t) => {
  const scratch = new ScratchRepository(t);
  const first = scratch.promote("1.0.0");
  scratch.write("releases/products/agent/channels/stable.yaml", "version: 1.0.0\nminVersion: 0.9.0\n");
  scratch.commit("not a promotion");
  const second = scratch.promote('"1.10"');
  const histories = await readChannelHistories(await opened(t, scratch), scratch.head, "releases");
  const author = "Ada <ada@acme.example>";
  assert.deepEqual(histories.get("agent/stable"), [
    { version: "1.10", at: 1_700_000_180, commit: second, author, subject: 'promote "1.10"' },
    { version: "1.0.0", at: 1_700_000_060, commit: first, author, subject: "promote 1.0.0" },
  ]);
});

test("a merge is one promotion, by the merge commit: what happened on the side branch does not count", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.promote("1.0.0");
  scratch.git("checkout", "-q", "-b", "side");
  scratch.promote("1.1.0");
  scratch.promote("1.2.0");
  scratch.git("checkout", "-q", "main");
  scratch.write("note.txt", "main moves too");
  scratch.commit("note");
  scratch.git("merge", "-q", "--no-ff", "-m", "merge side", "side");
  const histories = await readChannelHistories(await opened(t, scratch), scratch.head, "releases");
  assert.deepEqual(versions(histories), ["1.2.0", "1.0.0"]);
  assert.equal(histories.get("agent/stable")?.[0]?.subject, "merge side");
});

test("a channel that was deleted and made again starts anew, and a deleted one has no history", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.promote("1.0.0");
  scratch.promote("2.0.0", "beta");
  rmSync(join(scratch.folder, "releases/products/agent/channels"), { recursive: true });
  scratch.commit("delete");
  scratch.promote("1.5.0");
  const histories = await readChannelHistories(await opened(t, scratch), scratch.head, "releases");
  assert.deepEqual(versions(histories), ["1.5.0"]);
  assert.equal(histories.has("agent/beta"), false);
});

test("old files that cannot be read are passed over, and going back counts as a promotion", async (t) => {
  const scratch = new ScratchRepository(t);
  for (const version of ["1.0.0", "[not: yaml", "1.0.0", "1.1.0", "1.0.0"]) scratch.promote(version);
  const histories = await readChannelHistories(await opened(t, scratch), scratch.head, "releases");
  assert.deepEqual(versions(histories), ["1.0.0", "1.1.0", "1.0.0"]);
});

test("of waves that a hand opens, a version that is left keeps how many were open", async (t) => {
  const scratch = new ScratchRepository(t);
  const write = (version: string, more: string) => {
    scratch.write("releases/products/agent/channels/stable.yaml", `version: ${version}\n${more}`);
    return scratch.commit(`${version} ${more}`);
  };
  write("1.0.0", "rollout: {advance: time}\nopened: {version: 1.0.0, waves: 2}\n");
  write("1.1.0", "rollout: {advance: manual}\n");
  write("1.1.0", "rollout: {advance: manual}\nopened: {version: 1.1.0, waves: 2}\n");
  write("1.2.0", "rollout: {advance: healthy}\nopened: {version: 1.1.0, waves: 3}\n");
  write("1.3.0", "rollout: {advance: manual}\nopened: {version: 1.3.0, waves: all}\n");
  write("1.4.0", "rollout: {advance: manual}\nopened: {version: 1.4.0, waves: 1}\n");
  const histories = await readChannelHistories(
    await opened(t, scratch),
    scratch.git("rev-parse", "main").trim(),
    "releases",
  );
  assert.deepEqual(
    histories.get("agent/stable")?.map((record) => [record.version, record.opened]),
    [
      ["1.4.0", undefined],
      ["1.3.0", 0],
      ["1.2.0", 0],
      ["1.1.0", 2],
      ["1.0.0", undefined],
    ],
  );
});

test("continuing from an earlier commit gives the same as reading everything", async (t) => {
  const scratch = new ScratchRepository(t);
  const repository = await opened(t, scratch);
  let known: { commit: string; histories: ChannelHistories } | undefined;
  for (let index = 0; index < MAX_PROMOTIONS + 3; index += 1) {
    const commit = scratch.promote(`1.${index}.0`, index % 5 === 0 ? "beta" : "stable");
    const histories = await readChannelHistories(repository, commit, "releases", known);
    known = { commit, histories };
  }
  const whole = await readChannelHistories(repository, scratch.head, "releases");
  assert.deepEqual(known?.histories, whole);
});

test("at most 32 promotions of a channel are kept, the newest ones", async (t) => {
  const scratch = new ScratchRepository(t);
  for (let index = 0; index < MAX_PROMOTIONS + 2; index += 1) scratch.promote(`1.${index}.0`);
  const found = versions(await readChannelHistories(await opened(t, scratch), scratch.head, "releases"));
  assert.equal(found?.length, MAX_PROMOTIONS);
  assert.equal(found?.[0], `1.${MAX_PROMOTIONS + 1}.0`);
});

test("a known commit that a merge pushed off the first-parent line is not continued from", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.promote("1.0.0");
  scratch.git("checkout", "-q", "-b", "side");
  scratch.write("note.txt", "x");
  scratch.commit("note");
  scratch.git("checkout", "-q", "main");
  const old = scratch.promote("1.1.0");
  scratch.git("checkout", "-q", "side");
  scratch.git("merge", "-q", "--no-ff", "-m", "foxtrot", "main");
  const repository = await opened(t, scratch);
  const known = { commit: old, histories: await readChannelHistories(repository, old, "releases") };
  const histories = await readChannelHistories(repository, scratch.head, "releases", known);
  assert.equal(histories.get("agent/stable")?.[0]?.subject, "foxtrot");
});

test("a version that stood halted when the channel moved on is marked, and one whose halt was taken away is not", async (t) => {
  const scratch = new ScratchRepository(t);
  const stable = "releases/products/agent/channels/stable.yaml";
  scratch.promote("1.0.0");
  scratch.promote("1.1.0");
  scratch.write(stable, "version: 1.1.0\nhalted: {version: 1.1.0, reason: it fails}\n");
  scratch.commit("halt");
  scratch.promote("1.2.0");
  scratch.write(stable, "version: 1.2.0\nhalted: {version: 1.2.0, reason: a mistake}\n");
  scratch.commit("halt");
  scratch.write(stable, "version: 1.2.0\n");
  scratch.commit("go on");
  scratch.promote("1.3.0");
  const repository = await opened(t, scratch);
  const whole = await readChannelHistories(repository, scratch.head, "releases");
  const marks = whole
    .get("agent/stable")
    ?.map(({ version, halted }) => `${version}${halted ? " halted" : ""}`);
  assert.deepEqual(marks, ["1.3.0", "1.2.0", "1.1.0 halted", "1.0.0"]);

  const old = scratch.git("rev-parse", "HEAD~3");
  const known = { commit: old, histories: await readChannelHistories(repository, old, "releases") };
  assert.deepEqual(await readChannelHistories(repository, scratch.head, "releases", known), whole);
});

test("what a commit's author and message hold never steers a terminal", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.promote("1.0.0");
  scratch.write("releases/products/agent/channels/stable.yaml", "version: 1.1.0\n");
  scratch.git("add", "-A");
  scratch.git(
    "commit",
    "-q",
    "-m",
    "promote \u001b[2J\u202e1.1.0",
    "--author=Ada\u001b[31m\u202e X <a@acme.example>",
  );
  const histories = await readChannelHistories(await opened(t, scratch), scratch.head, "releases");
  const newest = histories.get("agent/stable")?.[0];
  assert.deepEqual([newest?.author, newest?.subject], ["Ada?[31m? X <a@acme.example>", "promote ?[2J?1.1.0"]);
});
