import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommitSummary, Deed, PreparedCommit } from "../../dashboard/api/types.ts";
import { effectOf, movesOf, wavesOf, whenOf } from "../../dashboard/history/sentences.ts";
import { takeBackOf } from "../../dashboard/history/take-back.ts";
import { linesOf } from "../../dashboard/parts/diff-lines.ts";
import { commitLink, fileLink } from "../../dashboard/parts/forge-links.ts";
import { nameOf } from "../../dashboard/parts/people.ts";
import { buttonOf, sentenceOfMoves } from "../../dashboard/parts/proposal-words.ts";

const NOW = 1_795_000_000;

function commit(more: Partial<CommitSummary>): CommitSummary {
  return {
    ...{
      commit: "a".repeat(40),
      author: "Ada <ada@acme.example>",
      at: NOW,
      subject: "x",
      state: "past" as const,
    },
    ...{ errors: 0, did: [], omitted: 0, files: 2, reached: [] },
    ...more,
  };
}

test("what a commit did is said by what machines reported, else by what was foreseen, else by its files", () => {
  const foreseen = { at: NOW, total: 12_480, moves: 1_204, stopped: 0, retimed: 3 };
  const reached = { product: "agent", channel: "stable", version: "1.4.2", state: "active" };
  assert.deepEqual(effectOf(commit({})), ["2 files"]);
  assert.deepEqual(effectOf(commit({ foreseen })), ["1,204 of 12,480 machines move, 3 at another time"]);
  assert.deepEqual(
    effectOf(commit({ foreseen, reached: [{ ...reached, offered: 943, confirmed: 900, failed: 2 }] })),
    ["offered to 943 machines, 900 have it, 2 failed"],
  );
  assert.deepEqual(effectOf(commit({ reached: [{ ...reached, offered: 0, confirmed: 0, failed: 0 }] })), [
    "offered to nobody yet",
  ]);
  const none = { ...reached, offered: 0, confirmed: 0, failed: 0 };
  const one = { ...reached, offered: 1, confirmed: 1, failed: 0 };
  assert.deepEqual(
    effectOf(commit({ reached: [none, { ...one, channel: "beta" }, none] })),
    ["1.4.2 on beta: offered to 1 machine, 1 has it", "the rest to nobody yet"],
    "what reached nobody is said once",
  );
  assert.deepEqual(effectOf(commit({ reached: [none, none] })), ["offered to nobody yet"]);
  assert.deepEqual(effectOf(commit({ state: "refused", errors: 1, foreseen })), [
    "moved nobody",
    "1 mistake",
  ]);
  assert.equal(movesOf({ moves: 0, stopped: 0, retimed: 0, total: 3 }), "moves nobody");
  assert.equal(movesOf({ moves: 1, stopped: 2, retimed: 0, total: 3 }), "1 of 3 machines moves, 2 no longer");
});

test("times of waves, and people, are written short", () => {
  assert.equal(whenOf(NOW - 5, NOW), "at once");
  assert.match(whenOf(NOW + 4 * 3600, NOW), /^in 4 h, \d\d:\d\d$/);
  assert.equal(wavesOf([], NOW), "everybody at once");
  assert.match(
    wavesOf(
      [
        { share: 100_000, at: NOW },
        { share: 1_000_000, at: NOW + 3600, shut: true },
      ],
      NOW,
    ),
    /^10 % at once · 100 % once it is opened$/,
  );
  assert.equal(nameOf("Ada Example <ada@acme.example>"), "Ada Example");
  assert.equal(nameOf("<ada@acme.example>"), "ada@acme.example");
  assert.equal(nameOf("nobody"), "nobody");
});

test("what takes a commit back names the same scope, and there is none where no command does it", () => {
  const deed = (more: Partial<Deed>): Deed => ({ kind: "pause", file: "x", text: "x", ...more });
  assert.deepEqual(takeBackOf(deed({ scope: "site acme/berlin", tenant: "acme" }))?.proposal, {
    kind: "resume",
    tenant: "acme",
    site: "berlin",
  });
  assert.deepEqual(takeBackOf(deed({ scope: "fleet" }))?.proposal, { kind: "resume", fleet: true });
  assert.deepEqual(
    takeBackOf(deed({ kind: "pin", scope: "device d-1", tenant: "acme", product: "agent", version: "1.0.0" }))
      ?.proposal,
    { kind: "unpin", tenant: "acme", device: "d-1", product: "agent" },
  );
  assert.deepEqual(
    takeBackOf(
      deed({ kind: "promote", product: "agent", channel: "stable", version: "1.4.2", from: "1.4.1" }),
    )?.proposal,
    { kind: "rollback", product: "agent", channel: "stable", version: "1.4.1" },
  );
  assert.equal(
    takeBackOf(deed({ kind: "promote", product: "agent", channel: "stable", version: "1.4.2" })),
    undefined,
  );
  assert.equal(takeBackOf(deed({ kind: "add", scope: "tenant acme" })), undefined);
  assert.equal(takeBackOf(deed({ scope: "device d-1" })), undefined, "nobody says whose it is");
});

test("a difference is read line by line, and what only git needs is left out", () => {
  const diff = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n same\n--- gone\n+++ come\n\\ No newline at end of file\n";
  assert.deepEqual(linesOf(diff), [
    { kind: "place", text: "line 1" },
    { kind: "same", text: "same" },
    { kind: "removed", text: "-- gone" },
    { kind: "added", text: "++ come" },
  ]);
  assert.deepEqual(linesOf("no difference"), []);
});

test("links lead to the state root's files at the forge, and nowhere where none is known", () => {
  const links = {
    commit: "https://git.acme.example/f/s/commit/{commit}",
    file: "https://git.acme.example/f/s/src/commit/{commit}/{path}",
    line: "https://git.acme.example/f/s/src/commit/{commit}/{path}#L{line}",
    branch: "https://git.acme.example/f/s/src/branch/{branch}",
  };
  const forge = { kind: "gitea" as const, url: "https://git.acme.example/f/s", links };
  assert.equal(
    fileLink({ forge, root: "releases" }, "abc", "tenants/a b.yaml", 6),
    "https://git.acme.example/f/s/src/commit/abc/releases/tenants/a%20b.yaml#L6",
  );
  assert.equal(
    fileLink({ forge, root: "" }, "abc", "fleet.yaml"),
    "https://git.acme.example/f/s/src/commit/abc/fleet.yaml",
  );
  assert.equal(commitLink({ forge }, "abc"), "https://git.acme.example/f/s/commit/abc");
  assert.equal(fileLink({ forge: null, root: null }, "abc", "fleet.yaml", 1), undefined);
  assert.equal(commitLink({ forge: null }, "abc"), undefined);
});

test("a change says what is in its way before it says whom it moves", () => {
  const prepared: PreparedCommit = {
    ...{ base: "b", followed: "main", subject: "pause acme", notices: [], diagnostics: [] },
    ...{ diffs: [{ path: "x", diff: "" }], isValid: true, isBaseSound: true, moves: null },
    ...{ command: "fairlead pause", pageChanges: "direct" as const },
  };
  assert.match(sentenceOfMoves({ ...prepared, diffs: [] }), /state already says so/);
  assert.match(
    sentenceOfMoves({ ...prepared, isValid: false, isBaseSound: false }),
    /main is refused already/,
  );
  assert.match(sentenceOfMoves({ ...prepared, isValid: false }), /would be refused with it/);
  assert.equal(buttonOf(prepared), "Commit to main");
  assert.equal(buttonOf({ ...prepared, pageChanges: "branch" }), "Propose on a branch");
});
